import type { FastifyInstance } from 'fastify'
import type { Definition, Field, RecordType } from '../../exchange/definition.ts'
import { Fault } from '../../fault/fault.ts'
import { concerns, whoOf } from './access.ts'
import type { RestContext } from './context.ts'
import { papersOf } from './routes-exchange-papers.ts'
import { answer, PLACE, parameters, problems } from './schemas.ts'

const TAGS = ['exchanges']
const OPEN = { type: 'object', additionalProperties: true }
const text = { type: 'string' } as const
const maybeDay = { type: ['string', 'null'], format: 'date' } as const
const PAPER = {
  type: 'object',
  description: 'A paper made from the definition, and where it is fetched.',
  required: ['kind', 'format', 'type', 'href'],
  properties: {
    kind: { type: 'string', enum: ['reference', 'template', 'json-schema', 'xml-schema'] },
    format: { type: 'string', enum: ['md', 'xsd', 'xlsx', 'csv', 'json', 'xml'] },
    type: { type: ['string', 'null'], description: 'Of which record type; null: of all.' },
    href: text,
  },
}
const SUMMARY = {
  type: 'object',
  required: [
    'exchange',
    'title',
    'description',
    'zone',
    'owner',
    'versions',
    'hash',
    'types',
    'forms',
    'refreshAllowed',
  ],
  properties: {
    exchange: text,
    title: text,
    description: text,
    zone: { ...text, description: 'Time zone in which its days begin.' },
    owner: { type: 'string', enum: ['partner', 'centre'] },
    versions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'from', 'until'],
        properties: { name: text, from: maybeDay, until: maybeDay },
      },
    },
    hash: text,
    types: { type: 'array', items: text },
    forms: {
      type: 'array',
      items: { type: 'object', required: ['type', 'title'], properties: { type: text, title: text } },
      description: 'Record types that a person can fill in.',
    },
    refreshAllowed: { type: 'boolean', description: 'A document may be everything there is.' },
  },
  additionalProperties: true,
}

/** What may be exchanged here: the list, and each definition as a sender needs to see it. */
export function exchangeRoutes(app: FastifyInstance, { ports, signIn }: RestContext): void {
  app.get(
    '/v1/exchanges',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'The exchanges you take part in',
        response: {
          200: answer('Name, title, types and grants.', {
            type: 'object',
            required: ['items'],
            properties: { items: { type: 'array', items: SUMMARY } },
          }),
          ...problems(401),
        },
      },
    },
    async (request) => {
      const who = whoOf(request)
      const mine = ports.definitions.list().filter((definition) => concerns(who, definition.exchange))
      return { items: mine.map(summary) }
    },
  )
  app.get<{ Params: { exchange: string } }>(
    '/v1/exchanges/:exchange',
    {
      onRequest: signIn,
      schema: {
        tags: TAGS,
        summary: 'One exchange: its record types, fields and operations',
        params: parameters({ exchange: PLACE.exchange }),
        response: {
          200: answer('What a sender needs to know.', {
            ...OPEN,
            required: ['papers'],
            properties: { papers: { type: 'array', items: PAPER } },
          }),
          ...problems(401, 404),
        },
      },
    },
    async (request) => {
      const { exchange } = request.params
      const definition = ports.definitions.get(exchange)
      if (!concerns(whoOf(request), exchange)) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
      return { ...summary(definition), ...detail(definition) }
    },
  )
}

function summary(definition: Definition): object {
  const { exchange, title, description, zone, owner, versions, hash } = definition
  return {
    exchange,
    title,
    description,
    zone,
    owner,
    versions,
    hash,
    types: definition.types.map((type) => type.name),
    forms: definition.types.map(({ name, title: label }) => ({ type: name, title: label })),
    refreshAllowed: definition.refresh.allowed,
  }
}

function detail(definition: Definition): object {
  return {
    records: definition.types.map((type) => ({
      type: type.name,
      title: type.title,
      key: type.identity.key,
      statuses: type.lifecycle.labels,
      operations: type.lifecycle.operations,
      searchable: searchable(type),
      fields: type.fields.map(fieldView),
    })),
    formats: definition.formats,
    refresh: definition.refresh,
    lists: Object.values(definition.lists).map((list) => ({
      name: list.name,
      title: list.title,
      values: list.values.length,
    })),
    papers: papersOf(definition),
  }
}

/** Top-level fields of a type by which records can be searched. */
export function searchable(type: RecordType): readonly string[] {
  return type.fields.filter((field) => field.search).map((field) => field.name)
}

function fieldView(field: Field): object {
  return {
    no: field.no,
    name: field.name,
    label: field.label,
    description: field.description,
    type: field.type,
    many: field.many,
    required: field.required,
    severity: field.severity,
    list: field.list,
    only: field.only,
    path: field.path,
    column: field.column,
    ...(field.fields.length > 0 ? { fields: field.fields.map(fieldView) } : {}),
  }
}
