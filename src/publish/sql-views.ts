import type { Definition, Field, RecordType } from '../exchange/definition.ts'

/**
 * Plain SQL views of an exchange's records, for people who analyse: one for each record type, one for each
 * nested list, live and test apart (`live.ripa_stop`, `live.ripa_stop_persons`). Values that could not be
 * read are null there; the record's findings say so.
 * @returns statements in order; running them again changes nothing
 */
export function viewStatements(definition: Definition): readonly string[] {
  const statements: string[] = []
  for (const realm of ['live', 'test']) {
    statements.push(
      `create schema if not exists ${realm}`,
      `grant usage on schema ${realm} to tributary_reader`,
    )
    for (const type of definition.types) {
      const name = viewName(definition.exchange, type.name)
      statements.push(
        `drop view if exists ${realm}.${name} cascade`,
        recordView(realm, name, definition, type),
        `grant select on ${realm}.${name} to tributary_reader`,
      )
      statements.push(...listViews(name, realm, type.fields, conditionOf(realm, definition, type)))
    }
  }
  return statements
}

/** Indexes for the fields a search may name (`search: true`). */
export function searchIndexStatements(definition: Definition): readonly string[] {
  return definition.types.flatMap((type) =>
    type.fields
      .filter((field) => field.search)
      .map(
        (field) =>
          `create index if not exists ${quoted(`search_${type.name}_${field.name}`)} ` +
          `on record (book, (body ->> ${literal(field.name)})) where type = ${literal(type.name)}`,
      ),
  )
}

/** Name of the view of a record type, without its schema. */
export function viewName(exchange: string, type: string): string {
  return `${exchange}_${type}`.replaceAll('-', '_')
}

const META = [
  'r.book',
  'r.record_id',
  'b.owner as partner',
  'r.key',
  'r.status',
  'r.version',
  'r.change_no',
  'r.submission',
  'r.created_at',
  'r.changed_at',
  'r.definition_version',
]

function recordView(realm: string, name: string, definition: Definition, type: RecordType): string {
  const columns = [...META, ...flat(type.fields, 'r.body', '')]
  return (
    `create view ${realm}.${name} with (security_invoker = true) as select ${columns.join(', ')}\n` +
    ` from record r join book b using (book)\n` +
    ` where ${conditionOf(realm, definition, type)}`
  )
}

/** Views of nested lists of groups, one level after another. */
function listViews(parent: string, realm: string, fields: readonly Field[], condition: string): string[] {
  const statements: string[] = []
  visit(parent, fields, `from record r join book b using (book)`, 'r.body', [])
  return statements

  function visit(
    above: string,
    level: readonly Field[],
    from: string,
    body: string,
    keys: readonly string[],
  ): void {
    for (const field of level) {
      if (field.type !== 'group') continue
      const inner = `${body} -> ${literal(field.name)}`
      if (!field.many) {
        visit(above, field.fields, from, inner, keys)
        continue
      }
      const name = `${above}_${field.name}`
      const item = `i${keys.length + 1}`
      const source = `${from}\n cross join lateral jsonb_array_elements(
   case when jsonb_typeof(${inner}) = 'array' then ${inner} else '[]'::jsonb end) with ordinality as ${item} (body, number)`
      const number = `${item}.number as ${quoted(`${field.name}_number`)}`
      const columns = [
        'r.book',
        'r.record_id',
        'b.owner as partner',
        'r.key',
        ...keys,
        number,
        ...flat(field.fields, `${item}.body`, ''),
      ]
      statements.push(
        `drop view if exists ${realm}.${name} cascade`,
        `create view ${realm}.${name} with (security_invoker = true) as select ${columns.join(', ')}\n ${source}\n where ${condition}`,
        `grant select on ${realm}.${name} to tributary_reader`,
      )
      visit(name, field.fields, source, `${item}.body`, [...keys, number])
    }
  }
}

function conditionOf(realm: string, definition: Definition, type: RecordType): string {
  return `b.exchange = ${literal(definition.exchange)} and b.realm = ${literal(realm)} and r.type = ${literal(type.name)}`
}

/** Columns that a view has of its own; a field of such a name stands under `<name>_value`. */
const OWN_COLUMNS = new Set(META.map((column) => column.slice(column.search(/\w+$/))))

/** Columns of a level: scalars cast safely, lists of scalars as JSON, single groups flattened. */
function flat(fields: readonly Field[], body: string, prefix: string): string[] {
  return fields.flatMap((field) => {
    const name = `${prefix}${field.name}`
    if (field.type === 'group')
      return field.many ? [] : flat(field.fields, `${body} -> ${literal(field.name)}`, `${name}_`)
    const column = quoted(OWN_COLUMNS.has(name) ? `${name}_value` : name)
    if (field.many) return [`${body} -> ${literal(field.name)} as ${column}`]
    return [`${cast(field, `${body} ->> ${literal(field.name)}`)} as ${column}`]
  })
}

function cast(field: Field, text: string): string {
  const shape = SHAPES[field.type]
  return shape === undefined
    ? `(${text})`
    : `case when (${text}) ~ '${shape.pattern}' then (${text})::${shape.type} end`
}

const SHAPES: Readonly<Record<string, { pattern: string; type: string }>> = {
  integer: { pattern: '^-?\\d{1,15}$', type: 'bigint' },
  decimal: { pattern: '^-?\\d+(\\.\\d+)?$', type: 'numeric' },
  boolean: { pattern: '^(true|false)$', type: 'boolean' },
}

function quoted(name: string): string {
  return `"${name.slice(0, 63).replaceAll('"', '""')}"`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
