import type { FastifyReply } from 'fastify'
import { isDecodeError } from '../../decode/decode-error.ts'
import { FAULTS, type Fault, type FaultCode, isFault } from '../../fault/fault.ts'

/** RFC 9457 problem details: the one shape of every error of the native API. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** `urn:request:` and the request's id, as the log and the audit name it. */
  readonly instance: string
  /** Stable word for programs; a fault's code, or what the request got wrong. */
  readonly code: string
  readonly [more: string]: unknown
}

export interface Answer {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
  /** A defect of ours, to be logged with its stack. */
  readonly unexpected: boolean
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is wrong',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not allowed in this state',
  406: 'No such representation',
  408: 'The request took too long',
  409: 'In conflict with what is stored',
  412: 'Changed since it was read',
  413: 'Too large',
  414: 'The address is too long',
  415: 'This kind of content is not taken',
  422: 'The record was not stored',
  429: 'Too many requests',
  431: 'The headers are too large',
  500: 'The node failed',
  503: 'Not at the moment',
  507: 'No room',
}

/** How long a client does well to wait, in seconds. A busy lane frees soon; a lost database may not. */
const RETRY_SECONDS: Readonly<Partial<Record<FaultCode, number>>> = { LANE_BUSY: 2, LEASE_LOST: 2 }
const RETRY_SECONDS_OTHERWISE = 15

/** An error of the request itself that no fault describes (a timeout, a missing precondition …). */
export class RequestError extends Error {
  readonly code: string
  readonly statusCode: number
  readonly more: Readonly<Record<string, unknown>>
  constructor(
    statusCode: number,
    code: string,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.name = 'RequestError'
    this.code = code
    this.statusCode = statusCode
    this.more = more
  }
}

export function makeProblem(
  status: number,
  code: string,
  detail: string,
  requestId: string,
  more: Readonly<Record<string, unknown>> = {},
): Problem {
  return {
    type: `urn:tributary:problem:${code}`,
    title: TITLES[status] ?? 'The request failed',
    status,
    detail,
    instance: `urn:request:${requestId}`,
    code,
    ...more,
  }
}

/**
 * The answer to anything thrown while a request was handled. A fault that the operator must deal with, and
 * anything unexpected, tells the client only that it happened and under which id: never a reason that could
 * show a path, a statement or a stack.
 */
export function problemOf(error: unknown, requestId: string): Answer {
  if (isFault(error)) return faultAnswer(error, requestId)
  if (error instanceof RequestError)
    return plain(makeProblem(error.statusCode, error.code, error.message, requestId, error.more))
  if (isDecodeError(error)) return plain(makeProblem(400, error.code, error.message, requestId))
  const fastify = frameworkError(error, requestId)
  if (fastify !== null) return plain(fastify)
  const detail = `Something went wrong in the node. Quote request ${requestId} to its operator.`
  return { problem: makeProblem(500, 'UNEXPECTED', detail, requestId), headers: {}, unexpected: true }
}

function plain(problem: Problem): Answer {
  return { problem, headers: {}, unexpected: false }
}

function faultAnswer({ code, message, pointer }: Fault, requestId: string): Answer {
  const spec = FAULTS[code]
  const detail =
    spec.blame === 'operator'
      ? `The node cannot do this now; its operator can see why. Request ${requestId}.`
      : message
  const seconds = String(RETRY_SECONDS[code] ?? RETRY_SECONDS_OTHERWISE)
  const blamed = pointer === null ? {} : { errors: [{ pointer, detail }] }
  return {
    problem: makeProblem(spec.status, code, detail, requestId, { retry: spec.retry, ...blamed }),
    headers: {
      ...(spec.retry === 'later' ? { 'retry-after': seconds } : {}),
      ...(spec.status === 401 ? { 'www-authenticate': 'Bearer realm="tributary"' } : {}),
    },
    unexpected: false,
  }
}

interface SchemaError {
  readonly instancePath: string
  readonly message?: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** Codes of our own for what Fastify finds wrong with a request, by status. */
const FRAMEWORK_CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  413: 'TOO_LARGE',
  414: 'ADDRESS_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA',
}

function frameworkError(error: unknown, requestId: string): Problem | null {
  if (!(error instanceof Error)) return null
  if ('validation' in error && Array.isArray(error.validation)) {
    const place = 'validationContext' in error ? String(error.validationContext) : 'request'
    const errors = error.validation.map((one: SchemaError) => ({
      pointer: `${place}${one.instancePath}`,
      detail: wrong(one),
    }))
    const detail = `${errors.map((one) => `${one.pointer} ${one.detail}`).join('; ')}.`
    return makeProblem(400, 'BAD_REQUEST', detail, requestId, { errors })
  }
  const status = 'statusCode' in error ? error.statusCode : undefined
  const ours = 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_')
  if (typeof status !== 'number' || status < 400 || status >= 500) return null
  // A SyntaxError of the JSON parser carries 400 and a text that may quote the body; ours does not.
  const detail = ours ? error.message : 'The body is not valid JSON.'
  return makeProblem(status, FRAMEWORK_CODES[status] ?? 'BAD_REQUEST', detail, requestId)
}

function wrong(error: SchemaError): string {
  const name = error.params?.additionalProperty
  if (typeof name === 'string') return `has an unknown member "${name.slice(0, 60)}"`
  return error.message ?? 'is wrong'
}

/** Sends a problem. */
export function sendProblem(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply
    .code(answer.problem.status)
    .headers(answer.headers)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(answer.problem))
}
