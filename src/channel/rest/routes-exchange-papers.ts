import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TemplateFormat } from '../../encode/template.ts'
import type { Definition, RecordType } from '../../exchange/definition.ts'
import { memberStem } from '../../exchange/record-types.ts'
import { Fault } from '../../fault/fault.ts'
import { interactiveOf } from '../../publish/interactive.ts'
import { recordSchema } from '../../publish/record-schema.ts'
import { exchangeReference } from '../../publish/reference.ts'
import { concerns, whoOf } from './access.ts'
import { attachment } from './content.ts'
import type { RestContext } from './context.ts'
import { download, PLACE, parameters, problems } from './schemas.ts'

const TAGS = ['exchanges']
const MEDIA: Readonly<Record<TemplateFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
}
const FORMATS = ['xlsx', 'csv', 'json', 'xml'] as const
const PARAMS = parameters({ exchange: PLACE.exchange })
const QUERY = parameters({ type: PLACE.type })

interface Asked {
  Params: { readonly exchange: string }
  Querystring: { readonly type?: string }
}

/** One paper of an exchange and where it is fetched. */
interface Paper {
  readonly kind: 'reference' | 'template' | 'json-schema' | 'xml-schema'
  readonly format: 'md' | 'xsd' | TemplateFormat
  /** Of which record type; null: of all. */
  readonly type: string | null
  readonly href: string
}

/** What can be taken along of an exchange: the readable page, templates, and schemas. */
export function papersOf(definition: Definition): readonly Paper[] {
  const { exchange, types } = definition
  const at = (name: string) => `/v1/exchanges/${exchange}/${name}`
  const several = types.length > 1
  return [
    { kind: 'reference', format: 'md', type: null, href: at('reference.md') },
    ...FORMATS.flatMap((format): Paper[] =>
      // A CSV file holds records of one type.
      several && format === 'csv'
        ? types.map(({ name }) => ({
            kind: 'template',
            format,
            type: name,
            href: at(`template.csv?type=${name}`),
          }))
        : [{ kind: 'template', format, type: null, href: at(`template.${format}`) }],
    ),
    ...types.map(
      ({ name }): Paper => ({
        kind: 'json-schema',
        format: 'json',
        type: several ? name : null,
        href: at(`schema.json?type=${name}`),
      }),
    ),
    ...(interactiveOf(definition) === null
      ? []
      : [{ kind: 'xml-schema', format: 'xsd', type: null, href: at('interactive.xsd') } as const]),
  ]
}

/** Papers of an exchange, made from its definition when they are asked for. */
export function exchangePaperRoutes(app: FastifyInstance, context: RestContext): void {
  const { signIn } = context
  for (const format of FORMATS)
    app.get<Asked>(
      `/v1/exchanges/:exchange/template.${format}`,
      {
        onRequest: signIn,
        schema: {
          tags: TAGS,
          summary: `A file to start from, ${format.toUpperCase()}`,
          description: 'Every field in its place, and one invented record.',
          params: PARAMS,
          querystring: QUERY,
          response: { 200: download('The file.', MEDIA[format]), ...problems(400, 401, 404) },
        },
      },
      async (request, reply) => {
        const definition = definitionOf(request, context)
        const types = typesOf(definition, request.query.type)
        const [type, second] = types
        if (type === undefined || (second !== undefined && format === 'csv'))
          throw new Fault('BAD_REQUEST', { reason: 'A CSV file holds one record type; name it.' })
        const { writeTemplate } = await import('../../encode/template.ts')
        const own = definition.types.length > 1 ? memberStem(type) : `${definition.exchange}-${type.name}`
        const name = `${second === undefined ? own : definition.exchange}.${format}`
        return send(reply, name, MEDIA[format], await writeTemplate(definition, types, format))
      },
    )
  schemaRoute(app, context)
  referenceRoute(app, context)
}

function schemaRoute(app: FastifyInstance, context: RestContext): void {
  app.get<Asked>(
    '/v1/exchanges/:exchange/schema.json',
    {
      onRequest: context.signIn,
      schema: {
        tags: TAGS,
        summary: 'JSON Schema of a record, in native names',
        description: 'Without `type`, that of the first record type.',
        params: PARAMS,
        querystring: QUERY,
        response: { 200: download('The schema.', 'application/schema+json'), ...problems(401, 404) },
      },
    },
    async (request, reply) => {
      const definition = definitionOf(request, context)
      const [type] = typesOf(definition, request.query.type)
      if (type === undefined) throw new Fault('NOT_FOUND', { what: 'such a record type' })
      const text = `${JSON.stringify(recordSchema(definition, type), null, 2)}\n`
      return send(
        reply,
        `${definition.exchange}-${type.name}.schema.json`,
        'application/schema+json',
        Buffer.from(text),
      )
    },
  )
}

function referenceRoute(app: FastifyInstance, context: RestContext): void {
  app.get<Asked>(
    '/v1/exchanges/:exchange/reference.md',
    {
      onRequest: context.signIn,
      schema: {
        tags: TAGS,
        summary: 'The exchange as a readable page, Markdown',
        description: 'Fields, codes, rules with their codes, columns: for the people who send.',
        params: PARAMS,
        response: { 200: download('The page.', 'text/markdown'), ...problems(401, 404) },
      },
    },
    async (request, reply) => {
      const definition = definitionOf(request, context)
      const text = Buffer.from(exchangeReference(definition))
      return send(reply, `${definition.exchange}.md`, 'text/markdown', text)
    },
  )
}

function definitionOf(request: FastifyRequest<Asked>, { ports }: RestContext): Definition {
  const { exchange } = request.params
  const definition = ports.definitions.get(exchange)
  if (!concerns(whoOf(request), exchange)) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
  return definition
}

/** The type of this name; all without one. */
function typesOf({ types, exchange }: Definition, name: string | undefined): readonly RecordType[] {
  const found = types.filter((type) => name === undefined || type.name === name)
  if (found.length === 0) throw new Fault('NOT_FOUND', { what: `record type ${name} in ${exchange}` })
  return found
}

function send(reply: FastifyReply, name: string, media: string, bytes: Uint8Array): FastifyReply {
  const text = media.startsWith('text/') || media.endsWith('json') || media.endsWith('xml')
  return reply
    .header('content-disposition', attachment(name))
    .type(text ? `${media}; charset=utf-8` : media)
    .send(Buffer.from(bytes))
}
