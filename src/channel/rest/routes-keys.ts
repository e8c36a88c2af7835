import type { FastifyInstance } from 'fastify'
import { HOST_KEY_KINDS, type HostKeyKind } from '../../identity/host-keys.ts'
import { administrator, insider, office, officeOf, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { answer, NAMES, PLACE, parameters, problems } from './schemas.ts'
import { itemsOf } from './schemas-registry.ts'

const TAGS = ['keys and policies']
const SSH = {
  type: 'string',
  pattern: '^SHA256:[A-Za-z0-9+/]{43}$',
  description: '`SHA256:…`; write `/` as `%2F`.',
} as const
const PGP = { type: 'string', pattern: '^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$' } as const
const DONE = { 204: { description: 'Done.', type: 'null' } } as const
const RETIRED = { type: 'boolean', default: false, description: 'Those out of use too.' } as const
/** A key with many certifications is large. */
const pgpBytesMax = 300 * 1024

/** Keys that sign accounts in to the file server, keys that files are sealed with, and what is asked of files. */
export function keyRoutes(app: FastifyInstance, context: RestContext): void {
  sshKeyRoutes(app, context)
  hostKeyRoutes(app, context)
  ourKeyRoutes(app, context)
  theirKeyRoutes(app, context)
  policyRoutes(app, context)
}

function sshKeyRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const params = parameters({ name: NAMES.account })
  const url = '/v1/accounts/:name/ssh-keys'
  app.get<{ Params: { name: string } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Keys that sign an account in to the file server; an account may see its own',
        params,
        response: { 200: answer('The keys.', itemsOf('SshKey')), ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { name } = request.params
      const who = whoOf(request).name === name.toLowerCase() ? whoOf(request) : office(request)
      return { items: await ports.registry.sshKeys.list(who, name) }
    },
  )
  app.post<{ Params: { name: string }; Body: { publicKey: string; title?: string } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Give an account a key for the file server',
        description: 'As OpenSSH writes it (a `.pub` file) or as PuTTY exports it. Weak keys are refused.',
        params,
        body: {
          type: 'object',
          required: ['publicKey'],
          additionalProperties: false,
          properties: {
            publicKey: { type: 'string', minLength: 1, maxLength: 10_000 },
            title: { type: 'string', maxLength: 200, description: "The key's own comment when left out." },
          },
          examples: [
            { publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA… feed@alder', title: 'nightly feed' },
          ],
        },
        response: {
          201: answer('The key.', { $ref: 'SshKey#' }),
          ...problems(400, 401, 403, 404, 409),
        },
      },
    },
    async (request, reply) => {
      const by = office(request)
      const { publicKey, title = null } = request.body
      return reply
        .code(201)
        .send(await ports.registry.sshKeys.add(by, request.params.name, { publicKey, title }))
    },
  )
  app.delete<{ Params: { name: string; fingerprint: string } }>(
    `${url}/:fingerprint`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Take a key from an account',
        params: parameters({ name: NAMES.account, fingerprint: SSH }),
        response: { ...DONE, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { name, fingerprint } = request.params
      await ports.registry.sshKeys.remove(office(request), name, fingerprint)
      return reply.code(204).send()
    },
  )
}

function hostKeyRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const url = '/v1/host-keys'
  const items = itemsOf('HostKey')
  app.get(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The keys by which clients know the file server, those to come and retired ones among them',
        response: { 200: answer('Public parts only.', items), ...problems(401, 403) },
      },
    },
    async (request) => {
      administrator(request)
      const shown = ports.bulk.fileServer()?.fingerprints ?? []
      const keys = await ports.registry.hostKeys.list()
      return { items: keys.map((key) => ({ ...key, shown: shown.includes(key.fingerprint) })) }
    },
  )
  app.post<{ Body: { kind?: HostKeyKind } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Make keys of the file server beside those in use, for partners to be told of',
        description:
          'A new key takes the place of the one of its kind when that is retired and the node is started again.',
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            kind: { type: 'string', enum: HOST_KEY_KINDS, description: 'One of each kind when left out.' },
          },
          examples: [{ kind: 'ssh-ed25519' }],
        },
        response: { 201: answer('Their public parts.', items), ...problems(400, 401, 403) },
      },
    },
    async (request, reply) => {
      const by = administrator(request)
      const { kind } = request.body
      const kinds = kind === undefined ? HOST_KEY_KINDS : [kind]
      const made = await ports.registry.hostKeys.make(by, kinds)
      return reply.code(201).send({ items: made.map((key) => ({ ...key, shown: false })) })
    },
  )
  app.delete<{ Params: { fingerprint: string } }>(
    `${url}/:fingerprint`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Retire a key of the file server; it is shown until the node is started again',
        params: parameters({ fingerprint: SSH }),
        response: { ...DONE, ...problems(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      await ports.registry.hostKeys.retire(administrator(request), request.params.fingerprint)
      return reply.code(204).send()
    },
  )
}

function ourKeyRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const url = '/v1/pgp-keys'
  app.get<{ Querystring: { retired: boolean } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The public keys to encrypt files for, the newest first',
        querystring: parameters({ retired: RETIRED }),
        response: { 200: answer('Public parts only.', itemsOf('PgpKey')), ...problems(400, 401) },
      },
    },
    async (request) => {
      const { centre, partner } = whoOf(request)
      return { items: await ports.registry.pgpKeys.ours(centre ? null : partner, request.query.retired) }
    },
  )
  app.post<{ Body: { partner?: string; kind: 'curve25519' | 'rsa3072' } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Make a key that partners encrypt for; older ones go on opening files until retired',
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            partner: { ...NAMES.partner, description: 'For one partner only; for all when left out.' },
            kind: {
              type: 'string',
              enum: ['curve25519', 'rsa3072'],
              default: 'curve25519',
              description: 'RSA is for software that knows no curves.',
            },
          },
          examples: [{ partner: 'alder-pd' }],
        },
        response: {
          201: answer('Its public part.', { $ref: 'PgpKey#' }),
          ...problems(400, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const by = administrator(request)
      const { partner = null, kind } = request.body
      return reply.code(201).send(await ports.registry.pgpKeys.make(by, partner, kind))
    },
  )
  app.delete<{ Params: { fingerprint: string } }>(
    `${url}/:fingerprint`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Retire a key of ours; files encrypted for it are opened no more',
        params: parameters({ fingerprint: PGP }),
        response: { ...DONE, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const fingerprint = request.params.fingerprint.toUpperCase()
      await ports.registry.pgpKeys.retireOurs(administrator(request), fingerprint)
      return reply.code(204).send()
    },
  )
}

function theirKeyRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const params = parameters({ partner: NAMES.partner })
  const url = '/v1/partners/:partner/pgp-keys'
  app.get<{ Params: { partner: string }; Querystring: { retired: boolean } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The keys that a partner signs with',
        params,
        querystring: parameters({ retired: RETIRED }),
        response: { 200: answer('The newest first.', itemsOf('PgpKey')), ...problems(400, 401, 404) },
      },
    },
    async (request) => {
      const { partner } = request.params
      insider(request, partner)
      return { items: await ports.registry.pgpKeys.theirs(partner, request.query.retired) }
    },
  )
  app.post<{ Params: { partner: string }; Body: { publicKey: string } }>(
    url,
    {
      bodyLimit: pgpBytesMax,
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'Take the public key that a partner signs with; one that is known is brought up to date',
        params,
        body: {
          type: 'object',
          required: ['publicKey'],
          additionalProperties: false,
          properties: {
            publicKey: { type: 'string', minLength: 1, description: 'As `gpg --armor --export` writes it.' },
          },
          examples: [{ publicKey: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n…' }],
        },
        response: {
          201: answer('The key.', { $ref: 'PgpKey#' }),
          ...problems(400, 401, 403, 404, 409, 413),
        },
      },
    },
    async (request, reply) => {
      const by = officeOf(request, request.params.partner)
      const key = await ports.registry.pgpKeys.add(by, request.params.partner, request.body.publicKey)
      return reply.code(201).send(key)
    },
  )
  app.delete<{ Params: { partner: string; fingerprint: string } }>(
    `${url}/:fingerprint`,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "Retire a partner's key; files signed with it are refused from now on",
        params: parameters({ partner: NAMES.partner, fingerprint: PGP }),
        response: { ...DONE, ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { partner, fingerprint } = request.params
      await ports.registry.pgpKeys.retireTheirs(
        officeOf(request, partner),
        partner,
        fingerprint.toUpperCase(),
      )
      return reply.code(204).send()
    },
  )
}

function policyRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  const params = parameters({ partner: NAMES.partner, exchange: PLACE.exchange })
  const url = '/v1/partners/:partner/file-policies/:exchange'
  const policy = answer('The policy.', { $ref: 'FilePolicy#' })
  app.get<{ Params: { partner: string; exchange: string } }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "How a partner's files of an exchange must be protected",
        params,
        response: { 200: policy, ...problems(400, 401, 404) },
      },
    },
    async (request) => {
      const { partner, exchange } = request.params
      insider(request, partner)
      return ports.registry.pgpKeys.policy(partner, exchange)
    },
  )
  app.put<{
    Params: { partner: string; exchange: string }
    Body: { mustEncrypt: boolean; mustSign: boolean }
  }>(
    url,
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: "Ask that a partner's files be encrypted, signed, both or neither",
        params,
        body: {
          type: 'object',
          required: ['mustEncrypt', 'mustSign'],
          additionalProperties: false,
          properties: { mustEncrypt: { type: 'boolean' }, mustSign: { type: 'boolean' } },
          examples: [{ mustEncrypt: true, mustSign: false }],
        },
        response: { 200: policy, ...problems(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const by = administrator(request)
      return ports.registry.pgpKeys.setPolicy(by, { ...request.params, ...request.body })
    },
  )
}
