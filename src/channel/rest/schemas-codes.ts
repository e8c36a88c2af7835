/** Shapes of code lists and crosswalks. */

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const day = { type: ['string', 'null'], format: 'date' } as const
const codes = { type: 'object', additionalProperties: { type: 'string' } } as const

function whole<T extends { readonly properties: object }>(schema: T) {
  return { ...schema, type: 'object', required: Object.keys(schema.properties) } as const
}

export const CODE_TABLE_VERSION = whole({
  properties: {
    version: count,
    importedBy: text,
    importedAt: { type: 'string', format: 'date-time' },
    values: count,
    added: count,
    removed: count,
    changed: count,
  },
})

export const UNMATCHED = whole({
  properties: {
    value: text,
    field: text,
    count,
    partners: { type: 'array', items: text },
  },
})

const code = { type: 'string', minLength: 1, maxLength: 200 } as const

export const CODE_EDIT = {
  type: 'object',
  additionalProperties: false,
  properties: {
    put: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['code', 'label', 'from', 'until'],
        additionalProperties: false,
        properties: {
          code,
          label: { type: 'string', minLength: 1, maxLength: 1000 },
          from: { ...day, description: 'First day on which it is good; null: always was.' },
          until: { ...day, description: 'Last day; null: no end.' },
        },
      },
    },
    remove: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['code', 'from'],
        additionalProperties: false,
        properties: { code, from: day },
      },
    },
  },
  examples: [
    { put: [{ code: '22350', label: 'Unsafe speed', from: '2026-07-01', until: null }], remove: [] },
  ],
} as const

export const CROSSWALK = whole({
  properties: {
    name: text,
    list: text,
    fields: { type: 'array', items: text },
    partners: {
      type: 'array',
      items: whole({
        properties: {
          partner: { ...text, description: '`*`: for all.' },
          stated: { ...codes, description: 'Their code → ours, by the definition.' },
          ruled: { ...codes, description: 'By the rule set in effect; these go first.' },
        },
      }),
    },
  },
})

export const CROSSWALK_CHANGE = {
  type: 'object',
  required: ['map', 'reason'],
  additionalProperties: false,
  properties: {
    map: { ...codes, maxProperties: 10_000, description: 'Their code → ours.' },
    effectiveAt: { type: ['string', 'null'], format: 'date-time', description: 'Left out: at once.' },
    reason: { type: 'string', minLength: 1, maxLength: 1000 },
  },
  examples: [{ map: { DEM: 'democratic' }, reason: 'Codes of their new system' }],
} as const
