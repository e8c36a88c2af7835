import type { FastifyInstance } from 'fastify'
import { Fault } from '../../fault/fault.ts'
import type { Who } from '../../identity/who.ts'
import type { Mail, MailState } from '../../store/mails.ts'
import { administrator, insider, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, PAGING, pageOf, parameters, problems } from './schemas.ts'
import { MAIL_STATES } from './schemas-registry.ts'

const TAGS = ['mail']
const params = parameters({ mail: { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' } })

interface MailList {
  readonly Querystring: {
    readonly state?: MailState
    readonly partner?: string
    readonly limit: number
    readonly after?: string
  }
}

/** Mails about deliveries: a partner sees those about its own, the centre all. */
export function mailRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const { mails } = ports.registry
  app.get<MailList>(
    '/v1/mails',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Mails, the newest first',
        querystring: parameters({
          state: { type: 'string', enum: MAIL_STATES },
          partner: { ...NAMES.partner, description: 'The centre only: of one partner.' },
          ...PAGING,
        }),
        response: { 200: answer('A page of them.', pageOf('Mail')), ...problems(400, 401, 404) },
      },
    },
    async (request) => {
      const { state = null, partner: asked, limit, after = null } = request.query
      const who = asked === undefined ? whoOf(request) : insider(request, asked)
      const partner = asked ?? (who.centre ? null : who.partner)
      return mails.list({ partner, state, limit, after })
    },
  )
  app.get<{ Params: { mail: string } }>(
    '/v1/mails/:mail',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One mail and where it stands',
        params,
        response: { 200: answer('The mail.', { $ref: 'Mail#' }), ...problems(400, 401, 404) },
      },
    },
    async (request) => {
      const { mail } = request.params
      return visible(whoOf(request), mail, await mails.find(mail))
    },
  )
  app.post<{ Params: { mail: string } }>(
    '/v1/mails/:mail/retry',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Send a mail again that was refused or given up, or one that waits, now',
        params,
        response: {
          200: answer('The mail.', { $ref: 'Mail#' }),
          ...problems(400, 401, 403, 404, 409),
        },
      },
    },
    async (request) => mails.retry(administrator(request), request.params.mail),
  )
}

/** A mail of another partner is one that does not exist. */
function visible(who: Who, name: string, mail: Mail | null): Mail {
  if (mail === null || (!who.centre && mail.partner !== who.partner))
    throw new Fault('NOT_FOUND', { what: `mail ${name}` })
  return mail
}
