import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

const ABOUT = `Send records, learn what became of each one, and read them back.

Every call but the health check and signing in carries a bearer token (\`POST /v1/oauth/token\`) or a client
certificate that is bound to an account. Errors are problem details (RFC 9457). A write that is sent again
with the same \`Idempotency-Key\` does nothing twice and gets the first answer.

The SDCS profile under \`/sdcs\` has its own headers, codes and body shape.`

/** The name instead of the page's own picture. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 40"><text x="0" y="29" fill="#fff" ' +
  'font-family="sans-serif" font-size="28" font-weight="700">Tributary</text></svg>'

const TAGS = [
  { name: 'signing in', description: 'Tokens, passwords and who you are.' },
  { name: 'exchanges', description: 'What may be sent, and how it looks.' },
  { name: 'overview', description: 'How things went, and what needs a person.' },
  { name: 'submissions', description: 'Sending documents and following them.' },
  { name: 'reports', description: 'What a submission did, record by record.' },
  { name: 'records', description: 'One record at a time, and what is stored.' },
  { name: 'drafts', description: 'Records that you have begun and not sent.' },
  { name: 'files', description: 'What came by the file server and places, and what was sent back.' },
  {
    name: 'partners and accounts',
    description: 'For administrators of the centre, and of a partner for its own.',
  },
  { name: 'keys and policies', description: 'Who signs in to the file server, and how files are sealed.' },
  { name: 'rules', description: 'What is done to the records of a partner before they are judged.' },
  { name: 'reconciliation', description: "Partners' whole files held against what the centre has." },
  { name: 'messages', description: 'What partners are told of their records, and asked to settle.' },
  { name: 'places', description: 'Where files lie outside the file server.' },
  { name: 'jobs', description: 'What agents are asked to send, when, and how far it is.' },
  { name: 'sessions', description: 'What was sent, how it went, and what does not go well.' },
  { name: 'agents', description: "The calls of the programs beside partners' databases." },
  { name: 'mail', description: 'Who is written to, and what became of it.' },
  { name: 'interactive XML', description: 'Single records and messages by synchronous calls in XML.' },
  { name: 'sdcs', description: 'The stop-data web service profile.' },
  { name: 'operations', description: 'Who did what, and how the node stands; for administrators.' },
  { name: 'node', description: 'Is it up?' },
]

/** OpenAPI 3.1 knows this kind of scheme; the plugin's types do not. */
const CERTIFICATE = {
  type: 'mutualTLS',
  description: 'A client certificate bound to an account.',
} as unknown as { type: 'http'; scheme: string }

/** Makes `/openapi.json` (OpenAPI 3.1) and the readable page `/docs`. Call it before any route is added. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tributary',
        version,
        description: ABOUT,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token of this node.' },
          oauth: {
            type: 'oauth2',
            flows: { clientCredentials: { tokenUrl: '/v1/oauth/token', scopes: {} } },
          },
          certificate: CERTIFICATE,
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'tributary_session',
            description: 'A browser that signed in by `POST /v1/session`.',
          },
        },
      },
      security: [{ bearer: [] }, { oauth: [] }, { certificate: [] }, { cookie: [] }],
    },
    hideUntagged: true,
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `Shape${index}`,
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO) },
    theme: { title: 'Tributary' },
    staticCSP: true,
    // The page needs nothing but this node, which may well be plain HTTP on the loopback.
    transformStaticCSP: (header) =>
      header.replace(/ (?:https:|validator\.swagger\.io)/g, '').replace(/upgrade-insecure-requests;?/, ''),
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(app.swagger()),
  )
}
