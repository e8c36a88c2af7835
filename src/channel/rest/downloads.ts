import type { FastifyReply } from 'fastify'
import { attachment } from './content.ts'
import type { Download } from './ports.ts'

/** Sends a file to be saved under its name; a browser never shows it. */
export function sendDownload(reply: FastifyReply, file: Download): FastifyReply {
  if (file.bytes !== undefined) reply.header('content-length', file.bytes)
  return reply
    .header('content-disposition', attachment(file.fileName))
    .header('content-security-policy', "default-src 'none'; sandbox")
    .type(file.contentType)
    .send(file.stream)
}
