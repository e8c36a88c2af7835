import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { makeProblem } from './problem.ts'
import { isSdcsPath, noSuchVerb } from './sdcs.ts'
import { bareSdcsBody } from './sdcs-answer.ts'
import { SdcsRefusal } from './sdcs-message.ts'

/** What the HTTP parser reports about bytes that never became a request. */
interface ParserError extends Error {
  readonly code?: string
  readonly rawPacket?: unknown
}

/** Answers bytes that are not HTTP as we take it, then ends the connection. */
export function answerParserError(error: ParserError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const packet = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.subarray(0, 2100).toString('latin1') : ''
  const [, method = '', path = ''] = /^([A-Za-z-]{1,40}) (\S{1,2000})/.exec(packet) ?? []
  const id = randomUUID()
  const wrongVerb = error.code === 'HPE_INVALID_METHOD' && path.startsWith('/')
  const [status, code, detail] = wrongVerb ? NO_METHOD : (READINGS[error.code ?? ''] ?? NOT_HTTP)
  if (isSdcsPath(path)) {
    const refusal = wrongVerb ? noSuchVerb(method) : new SdcsRefusal(400, code, '', detail)
    write(socket, refusal.status, 'application/json', bareSdcsBody(refusal))
    return
  }
  write(socket, status, 'application/problem+json', makeProblem(status, code, detail, id))
}

type Reading = readonly [number, string, string]
const NO_METHOD: Reading = [404, 'NOT_FOUND', 'There is no such method.']
const NOT_HTTP: Reading = [400, 'BAD_REQUEST', 'The request is not HTTP/1.1 as this node takes it.']
const READINGS: Readonly<Record<string, Reading>> = {
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'The headers are larger than this node takes.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'The request did not arrive in time.'],
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

function write(socket: Socket, status: number, type: string, body: object): void {
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\nContent-Type: ${type}\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n${text}`,
  )
}
