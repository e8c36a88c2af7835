import type { FastifyRequest } from 'fastify'
import { RequestError } from './problem.ts'

export const REASON_BODY = {
  description:
    'May be `{"reason": "…"}`: kept with the submission, and told to the owner of the record where that is not you.',
}

/** Of a call that says nothing about the content of a record. */
export const NO_BODY = { bytes: Buffer.from('{}'), format: 'json', names: 'native' } as const

const REASON_MAX = 1000

/** What a deletion says about itself. Throws 400 for a body that is no reason. */
export function reasonBody(request: FastifyRequest): typeof NO_BODY & { readonly reason?: string } {
  const { body } = request
  if (!Buffer.isBuffer(body) || body.length === 0) return NO_BODY
  const said = readJson(body)
  const reason = typeof said === 'object' && said !== null && 'reason' in said ? said.reason : undefined
  if (reason === undefined && JSON.stringify(said) === '{}') return NO_BODY
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > REASON_MAX)
    throw new RequestError(400, 'BAD_REQUEST', `Say why as {"reason": "…"}, in ${REASON_MAX} characters.`)
  const bytes = Buffer.from(JSON.stringify({ reason: reason.trim() }))
  return { ...NO_BODY, bytes, reason: reason.trim() }
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
