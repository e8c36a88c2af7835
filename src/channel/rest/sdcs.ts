import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RestContext } from './context.ts'
import { takeRawBodies } from './routes-changes.ts'
import { type SdcsCall, sdcsRefusal, sendSdcs } from './sdcs-answer.ts'
import { callOf, type FindingsPlace, type SdcsPlace, sendFindings, takeRecord } from './sdcs-call.ts'
import { SdcsRefusal } from './sdcs-message.ts'
import { SDCS_FINDINGS_DOC, SDCS_POST_DOC, SDCS_PUT_DOC } from './sdcs-schema.ts'

/**
 * The SDCS profile: the stop-data web service of the interface specification, for any exchange that declares
 * `profiles.sdcs`. Which cause gets which code is in docs/decisions/0101-sdcs-response-codes.md.
 */
export function sdcsRoutes(app: FastifyInstance, context: RestContext): void {
  app.register(
    async (inner) => {
      takeRawBodies(inner, context.config.recordBytesMax, context.config.smallBodyMs)
      inner.setErrorHandler((error, request, reply) => answerSdcsError(error, request, reply))
      inner.setNotFoundHandler((request, reply) =>
        answerSdcsError(noSuchVerb(request.method), request, reply),
      )
      const onRequest = [
        async (request: FastifyRequest) => {
          request.sdcs = callOf(context, request.params as SdcsPlace['Params'])
        },
        context.signIn,
      ]
      inner.post<SdcsPlace>('/:exchange/:type', { onRequest, schema: SDCS_POST_DOC }, (request, reply) =>
        takeRecord(context, request, reply),
      )
      inner.put<SdcsPlace>('/:exchange/:type', { onRequest, schema: SDCS_PUT_DOC }, (request, reply) =>
        takeRecord(context, request, reply),
      )
      inner.get<FindingsPlace>(
        '/:exchange/:type/findings/:tracking',
        { onRequest, exposeHeadRoute: false, schema: SDCS_FINDINGS_DOC },
        (request, reply) => sendFindings(context, request, reply),
      )
    },
    { prefix: '/sdcs' },
  )
}

/** What is known of a call before anything was read. */
const UNKNOWN: SdcsCall = {
  type: null,
  profile: null,
  deployed: false,
  tree: null,
  format: null,
  recordId: null,
}

/** Answers any request on the SDCS paths with an error, in the profile's own shape. */
export function answerSdcsError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = sdcsRefusal(error, request.id)
  const call = request.sdcs ?? UNKNOWN
  // The clients of the deployed service read the body of a 200 and throw at anything else.
  const lenient = call.deployed && answer.status === 400
  return sendSdcs(request, reply, call, lenient ? { ...answer, status: 200 } : answer)
}

/** Is this a path of the profile, where no other error shape may be seen? */
export function isSdcsPath(url: string): boolean {
  return /^\/sdcs(?:[/?]|$)/i.test(url)
}

/** Table 8: any verb but POST and PUT; with these, an address that is not there. */
export function noSuchVerb(method: string): SdcsRefusal {
  if (method === 'POST' || method === 'PUT')
    return new SdcsRefusal(404, 'NOT_FOUND', '', 'There is no service at this address.')
  return new SdcsRefusal(404, 'VERB_INVALID', '', `There is no ${method} here: use POST or PUT.`)
}
