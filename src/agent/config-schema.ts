import {
  CONFIG_LANGUAGE,
  type ConfigKey,
  type ConfigSectionName,
  type ConfigShape,
} from './config-language.ts'

/** A JSON Schema, as plain data. */
type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema of the agent's file, for editors that complete and check while one writes. */
export function agentConfigSchema(): JsonSchema {
  const names = Object.keys(CONFIG_LANGUAGE) as ConfigSectionName[]
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...sectionSchema('agent'),
    $defs: Object.fromEntries(
      names.filter((name) => name !== 'agent').map((name) => [name, sectionSchema(name)]),
    ),
  }
}

function sectionSchema(name: ConfigSectionName): JsonSchema {
  const { title, keys } = CONFIG_LANGUAGE[name]
  const required = Object.entries(keys).flatMap(([key, spec]) => (spec.required === true ? [key] : []))
  return {
    title,
    type: 'object',
    properties: Object.fromEntries(Object.entries(keys).map(([key, spec]) => [key, keySchema(spec)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

function keySchema({ shape, about, fallback }: ConfigKey): JsonSchema {
  return {
    ...shapeSchema(shape),
    description: about,
    ...(fallback === undefined ? {} : { default: fallback }),
  }
}

function shapeSchema(shape: ConfigShape): JsonSchema {
  switch (shape.is) {
    case 'integer':
      return { type: 'integer', minimum: shape.min, maximum: shape.max }
    case 'share':
      return { type: 'number', minimum: 0, maximum: 1 }
    case 'choice':
      return { enum: shape.of }
    case 'texts':
      return { type: 'array', items: { type: ['string', 'number'] } }
    case 'names':
      return { type: 'object', additionalProperties: { type: ['string', 'number', 'null'] } }
    case 'secret':
      return {
        anyOf: [
          { type: ['string', 'number'] },
          ...['file', 'env'].map((key) => ({
            type: 'object',
            properties: { [key]: { type: 'string' } },
            required: [key],
            additionalProperties: false,
          })),
        ],
      }
    case 'section':
      return { $ref: `#/$defs/${shape.of}` }
    case 'sections':
      return { type: 'array', items: { $ref: `#/$defs/${shape.of}` } }
    case 'named':
      return { type: 'object', additionalProperties: { $ref: `#/$defs/${shape.of}` } }
    case 'text':
      return { type: ['string', 'number'] }
  }
}
