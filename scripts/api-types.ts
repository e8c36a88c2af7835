import { REST_DEFAULTS } from '../src/channel/rest/config.ts'
import type { RestIdentity } from '../src/channel/rest/identity-port.ts'
import type { Ports } from '../src/channel/rest/ports.ts'
import { createRestServer } from '../src/channel/rest/server.ts'

/** The parts of JSON Schema that the OpenAPI document of the node uses. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: boolean | Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Content; readonly required?: boolean }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head']

/**
 * Types of the REST API as `openapi-fetch` reads them, from the node's own OpenAPI document. (The usual maker of
 * such types needs the programming interface of an older TypeScript compiler than ours.)
 */
export async function apiTypes(): Promise<string> {
  const api = await apiDocument()
  const schemas = Object.entries(api.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))
  const shapes = schemas.map(([name, schema]) => `    ${quoted(name)}: ${typeOf(schema, '    ')}\n`).join('')
  const paths = Object.entries(api.paths)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, operations]) => `  ${JSON.stringify(path)}: ${pathOf(operations)}\n`)
  return (
    '// Made by `npm run docs` from the OpenAPI document of the node. Do not edit.\n\n' +
    `export interface components {\n  schemas: {\n${shapes}  }\n}\n\nexport interface paths {\n${paths.join('')}}\n`
  )
}

async function apiDocument(): Promise<ApiDocument> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  // Only the shapes of the routes are asked for; what they would call is never called.
  const anything: unknown = new Proxy(() => [], {
    get: (_, name) => (name === 'then' ? undefined : anything),
  })
  const server = await createRestServer({
    ports: anything as Ports,
    identity: anything as RestIdentity,
    log,
    config: REST_DEFAULTS,
    version: '0.0.0',
  })
  const document = server.app.swagger() as unknown as ApiDocument
  await server.close()
  return document
}

function pathOf(operations: Readonly<Record<string, Operation>>): string {
  const lines = METHODS.map((method) => {
    const operation = operations[method]
    if (operation === undefined) return `    ${method}?: never\n`
    const { summary } = operation
    return `${summary === undefined ? '' : `    /** ${summary} */\n`}    ${method}: ${operationOf(operation)}\n`
  })
  const none = '{ query?: never; header?: never; path?: never; cookie?: never }'
  return `{\n    parameters: ${none}\n${lines.join('')}  }`
}

function operationOf({ parameters = [], requestBody, responses }: Operation): string {
  const groups = ['query', 'header', 'path', 'cookie'].map((place) => {
    const ones = parameters.filter((one) => one.in === place)
    if (ones.length === 0) return `${place}?: never`
    const members = ones.map(
      ({ name, required, schema }) =>
        `${quoted(name)}${required === true ? '' : '?'}: ${typeOf(schema, '        ')}`,
    )
    const must = ones.some(({ required }) => required === true)
    return `${place}${must ? '' : '?'}: { ${members.join('; ')} }`
  })
  const body =
    requestBody === undefined
      ? 'requestBody?: never'
      : `requestBody${requestBody.required === false ? '?' : ''}: { content: ${contentOf(requestBody.content)} }`
  const answers = Object.entries(responses).map(
    ([status, { content }]) =>
      `        ${status}: { headers: { [name: string]: unknown }; content: ${content === undefined ? '{ [type: string]: never }' : contentOf(content)} }\n`,
  )
  return `{\n      parameters: { ${groups.join('; ')} }\n      ${body}\n      responses: {\n${answers.join('')}      }\n    }`
}

function contentOf(content: Content): string {
  const kinds = Object.entries(content).map(
    ([type, { schema }]) =>
      `${JSON.stringify(type)}: ${schema === undefined ? 'unknown' : typeOf(schema, '          ')}`,
  )
  return `{ ${kinds.join('; ')} }`
}

function typeOf(schema: Schema, indent: string): string {
  const { $ref, const: only, enum: values, oneOf, anyOf, type } = schema
  if ($ref !== undefined) return `components['schemas'][${quotedText($ref.split('/').at(-1) ?? '')}]`
  if (only !== undefined) return literal(only)
  if (values !== undefined) return values.map(literal).join(' | ')
  const choices = oneOf ?? anyOf
  if (choices !== undefined) return choices.map((one) => typeOf(one, indent)).join(' | ')
  const types = type === undefined ? [] : typeof type === 'string' ? [type] : type
  if (types.length === 0) return schema.properties === undefined ? 'unknown' : objectOf(schema, indent)
  return types.map((one) => plainType(one, schema, indent)).join(' | ')
}

function plainType(type: string, schema: Schema, indent: string): string {
  if (type === 'array') return `(${schema.items === undefined ? 'unknown' : typeOf(schema.items, indent)})[]`
  if (type === 'object') return objectOf(schema, indent)
  if (type === 'integer' || type === 'number') return 'number'
  return type === 'boolean' || type === 'null' ? type : 'string'
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const inner = `${indent}  `
  const members = Object.entries(properties).map(([name, schema]) => {
    const about = schema.description === undefined ? '' : `${inner}/** ${schema.description} */\n`
    return `${about}${inner}${quoted(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema, inner)}\n`
  })
  if (members.length > 0) return `{\n${members.join('')}${indent}}`
  const rest = typeof additionalProperties === 'object' ? typeOf(additionalProperties, indent) : 'unknown'
  return `{ [name: string]: ${rest} }`
}

function literal(value: unknown): string {
  return typeof value === 'string' ? quotedText(value) : JSON.stringify(value)
}

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`
}

function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quotedText(name)
}
