import { LANGUAGE } from '../exchange/language.ts'
import { FORMS, type KeySpec, type SectionName, type Shape } from '../exchange/shapes.ts'

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema of `exchange.yaml`, for editors that complete and check while one writes. */
export function exchangeFileSchema(): JsonSchema {
  return fileSchema('exchange')
}

/** JSON Schema of `types/<name>.yaml`. */
export function typeFileSchema(): JsonSchema {
  return fileSchema('type')
}

/** JSON Schema of a rule set. */
export function ruleSetSchema(): JsonSchema {
  return fileSchema('rule_set')
}

function fileSchema(root: SectionName): JsonSchema {
  const sections = new Set<SectionName>()
  const schema = sectionSchema(root, sections)
  const done = new Set<SectionName>()
  const definitions: [string, JsonSchema][] = []
  for (;;) {
    const next = [...sections].find((name) => !done.has(name))
    if (next === undefined) break
    done.add(next)
    definitions.push([next, sectionSchema(next, sections)])
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...schema,
    $defs: Object.fromEntries(definitions),
  }
}

function sectionSchema(name: SectionName, seen: Set<SectionName>): JsonSchema {
  const { title, about, keys } = LANGUAGE[name]
  const required = Object.entries(keys).flatMap(([key, spec]) => (spec.required === true ? [key] : []))
  return {
    title,
    description: about,
    type: 'object',
    properties: Object.fromEntries(Object.entries(keys).map(([key, spec]) => [key, keySchema(spec, seen)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

function keySchema({ shape, about, fallback, fallbackIs }: KeySpec, seen: Set<SectionName>): JsonSchema {
  const without = fallbackIs === undefined ? '' : ` Default: ${fallbackIs}.`
  return {
    ...shapeSchema(shape, seen),
    description: `${about}${without}`,
    ...(fallback === undefined || fallback === null || fallback === '' ? {} : { default: fallback }),
  }
}

function shapeSchema(shape: Shape, seen: Set<SectionName>): JsonSchema {
  switch (shape.is) {
    case 'text':
      // Texts that look like numbers, or like true and false, need no quotes in a definition.
      return { type: ['string', 'number', 'boolean'], pattern: FORMS[shape.form].pattern.source }
    case 'integer':
    case 'number':
      return { type: shape.is, minimum: shape.min, maximum: shape.max }
    case 'boolean':
      return { type: 'boolean' }
    case 'nothing':
      return { type: 'null' }
    case 'choice':
      return { enum: shape.of.map((word) => (word === 'true' ? true : word === 'false' ? false : word)) }
    case 'list':
      return {
        type: 'array',
        items: shapeSchema(shape.of, seen),
        minItems: shape.min,
        maxItems: shape.max,
      }
    case 'map': {
      const of = shapeSchema(shape.of, seen)
      if (shape.keys === null)
        return {
          type: 'object',
          propertyNames: { pattern: FORMS[shape.key].pattern.source },
          additionalProperties: of,
        }
      const properties = Object.fromEntries(shape.keys.map((key) => [key, of]))
      return { type: 'object', properties, additionalProperties: false }
    }
    case 'section':
      seen.add(shape.of)
      return { $ref: `#/$defs/${shape.of}` }
    case 'either':
      return { anyOf: shape.of.map((one) => shapeSchema(one, seen)) }
  }
}
