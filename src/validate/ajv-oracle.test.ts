import { Ajv, type SchemaObject } from 'ajv'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { codeList, exchangeOf, field, rawTree, recordType } from '../../test/fixtures/definition.ts'
import type { Definition, Field } from '../exchange/definition.ts'
import type { RawTree } from '../exchange/parcel.ts'
import { compileTranslator } from '../translate/translator.ts'
import { compileValidator } from './validator.ts'

const lists = { colour: codeList('colour', ['1', '2', '3']), shape: codeList('shape', ['a', 'b']) }

/** A schema of the checks that JSON Schema has too, for records sent in typed JSON. */
function schemaOf(fields: readonly Field[]): SchemaObject {
  const properties: Record<string, SchemaObject> = {}
  for (const one of fields) {
    const value = one.type === 'group' ? schemaOf(one.fields) : scalarSchema(one)
    properties[one.name] = one.many
      ? {
          type: 'array',
          items: value,
          minItems: one.itemsMin,
          maxItems: one.itemsMax,
          ...(one.distinct ? { uniqueItems: true } : {}),
        }
      : value
  }
  return { type: 'object', properties, required: fields.filter((one) => one.required).map((one) => one.name) }
}

function scalarSchema(one: Field): SchemaObject {
  if (one.type === 'boolean') return { type: 'boolean' }
  if (one.type === 'integer')
    return { type: 'integer', ...ends('minimum', one.min), ...ends('maximum', one.max) }
  if (one.type === 'code') return { type: 'string', codeList: one.list }
  return {
    type: 'string',
    ...ends('minLength', one.lengthMin),
    ...ends('maxLength', one.lengthMax),
    ...(one.pattern === null ? {} : { pattern: `^(?:${one.pattern})$` }),
  }
}

const ends = (name: string, value: number | null) => (value === null ? {} : { [name]: value })

function failingByAjv(definition: Definition, tree: RawTree): string[] {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    code: { regExp: Object.assign((text: string) => RE2JS.compile(text) as unknown as RegExp, { code: '' }) },
  })
  ajv.addKeyword({
    keyword: 'codeList',
    type: 'string',
    validate: (list: string, value: string) =>
      definition.lists[list]?.values.some(({ code }) => code === value) === true,
  })
  const validate = ajv.compile(schemaOf(definition.types[0]?.fields ?? []))
  validate(tree)
  return unique(
    (validate.errors ?? []).map((error) => {
      const { missingProperty } = error.params as { missingProperty?: string }
      return dotted(`${error.instancePath}${missingProperty === undefined ? '' : `/${missingProperty}`}`)
    }),
  )
}

/** Where a value is repeated we name the value, ajv the list. */
function failingByUs(definition: Definition, tree: RawTree): string[] {
  const context = { partner: 'p', today: '2024-03-20', sha256: (text: string) => text }
  const draft = compileTranslator(definition).translate(rawTree(tree), context)
  const { findings } = compileValidator(definition).validate(draft, context)
  return unique(findings.map(({ code, path }) => (code.endsWith('D') ? path.replace(/\[\d+\]$/, '') : path)))
}

const unique = (paths: readonly string[]) => [...new Set(paths)].sort()

/** `/persons/1/age` of JSON Schema is our `persons[2].age`. */
function dotted(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => (/^\d+$/.test(part) ? `[${Number(part) + 1}]` : `.${part}`))
    .join('')
    .slice(1)
}

const names = ['alpha', 'beta', 'gamma', 'delta']
const scalarField = fc
  .record({
    type: fc.constantFrom('text', 'integer', 'boolean', 'code'),
    required: fc.boolean(),
    length: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 3, max: 6 })),
    range: fc.tuple(fc.integer({ min: -5, max: 3 }), fc.integer({ min: 3, max: 20 })),
    pattern: fc.constantFrom(null, '[a-c]*', '(a|b)+c?', '.{1,4}'),
    bounded: fc.boolean(),
    list: fc.constantFrom('colour', 'shape'),
    many: fc.option(
      fc.record({
        min: fc.integer({ min: 1, max: 2 }),
        max: fc.integer({ min: 2, max: 3 }),
        distinct: fc.boolean(),
      }),
    ),
  })
  .map(
    ({ type, required, length, range, pattern, bounded, list, many }): Partial<Field> => ({
      type: type as Field['type'],
      required,
      // A length and a pattern are never asked of one field: we tell one mistake of a value, ajv both.
      ...(type === 'text' && bounded ? { lengthMin: length[0], lengthMax: length[1] } : {}),
      ...(type === 'text' && !bounded ? { pattern } : {}),
      ...(type === 'integer' ? { min: range[0], max: range[1] } : {}),
      ...(type === 'code' ? { list } : {}),
      ...(many === null
        ? {}
        : { many: true, itemsMin: many.min, itemsMax: many.max, distinct: many.distinct }),
    }),
  )

const fieldsOf = (depth: number): fc.Arbitrary<Field[]> =>
  fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).chain((chosen) =>
    fc.tuple(
      ...chosen.map((name) => {
        const scalar = scalarField.map((change) => field(name, change))
        if (depth === 0) return scalar
        const group = fc.record({ fields: fieldsOf(depth - 1), many: fc.boolean(), required: fc.boolean() })
        const grouped = group.map(({ fields, many, required }) =>
          field(name, {
            type: 'group',
            fields,
            required,
            many,
            ...(many ? { itemsMin: 1, itemsMax: 2 } : {}),
          }),
        )
        return fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: grouped })
      }),
    ),
  )

/** Values near what the fields want. Empty texts and lists are left out: to us they are absent. */
function treeOf(fields: readonly Field[]): fc.Arbitrary<RawTree> {
  const shape: Record<string, fc.Arbitrary<unknown>> = {}
  for (const one of fields) {
    const value = one.type === 'group' ? treeOf(one.fields) : scalarOf(one)
    shape[one.name] = one.many ? fc.array(value, { minLength: 1, maxLength: 4 }) : value
  }
  return fc
    .record(shape, { requiredKeys: [] })
    .filter((tree) => Object.keys(tree).length > 0) as fc.Arbitrary<RawTree>
}

function scalarOf(one: Field): fc.Arbitrary<unknown> {
  if (one.type === 'boolean') return fc.boolean()
  if (one.type === 'integer') return fc.oneof(fc.integer({ min: -9, max: 30 }), fc.constant('x'))
  if (one.type === 'code') return fc.constantFrom('1', '2', '3', 'a', 'b', 'c')
  return fc.oneof(fc.stringMatching(/^[a-d]{1,8}$/), fc.constantFrom('ab', '😀😀', 'abc c'))
}

test('our validator and ajv find the same paths at fault, on generated definitions and records', () => {
  const cases = fieldsOf(2).chain((fields) =>
    fc.record({ fields: fc.constant(fields), tree: treeOf(fields) }),
  )
  fc.assert(
    fc.property(cases, ({ fields, tree }) => {
      const definition = exchangeOf(recordType(fields), { lists })
      expect(failingByUs(definition, tree)).toEqual(failingByAjv(definition, tree))
    }),
    { numRuns: 100 },
  )
})
