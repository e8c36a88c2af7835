import type { Tx } from '../db/database.ts'
import { identifier, join, type Sql, sql } from '../db/sql.ts'

/**
 * Tables that are not copied, and why. All others are, whichever migration made them: the database's own catalogue
 * says which there are.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  migration: 'says how the tables were made, and those of a copy are made by the same migrations',
}

/** A table with the columns that are stored, in their order. */
export interface WholeTable {
  readonly table: string
  readonly columns: readonly string[]
}

/** Where a sequence stands. */
export interface SequenceValue {
  readonly sequence: string
  /** A text, as it may be larger than a number can hold. */
  readonly value: string
  /** Was this value given out already? */
  readonly called: boolean
}

/** A foreign key that was taken away, to be put back. */
export interface ForeignKey {
  readonly table: string
  readonly name: string
  readonly definition: string
}

/** A row may hold a document, of up to 128 KiB when written as text. */
const rowsMax = 200

/** The tables of the node, without those that are left out. */
export async function wholeTables(tx: Tx): Promise<readonly WholeTable[]> {
  const rows = await tx.rows<WholeTable>(sql`
    select c.relname::text as table,
           (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by c.relname`)
  return rows.filter(({ table }) => !(table in LEFT_OUT))
}

/** The rows of a table, each as a JSON text on one line, some at a time. */
export async function* rowsOf(tx: Tx, { table }: WholeTable): AsyncGenerator<readonly string[]> {
  const cursor = identifier(`copy_of_${table}`)
  await tx.rows(
    sql`declare ${cursor} no scroll cursor for select to_jsonb(t)::text as row from ${named(table)} t`,
  )
  const next: Sql = { text: `fetch ${rowsMax} from ${cursor.text}`, values: [] }
  for (;;) {
    const rows = await tx.rows<{ row: string }>(next)
    if (rows.length === 0) break
    yield rows.map(({ row }) => row)
  }
  await tx.rows(sql`close ${cursor}`)
}

/** @param rows as `rowsOf` gave them */
export async function putRows(
  tx: Tx,
  { table, columns }: WholeTable,
  rows: readonly string[],
): Promise<void> {
  const list = join(columns.map(identifier), ', ')
  await tx.rows(sql`
    insert into ${named(table)} (${list}) overriding system value
    select ${list} from jsonb_populate_recordset(null::${named(table)}, ${`[${rows.join(',')}]`}::jsonb)`)
}

/** What migrations put into new tables gives way to what is copied into them. */
export async function emptyTable(tx: Tx, { table }: WholeTable): Promise<void> {
  await tx.rows(sql`delete from ${named(table)}`)
}

/**
 * Takes all foreign keys away, so that rows can come in any order, also where a table refers to itself or two to
 * each other. `putForeignKeys` puts them back and holds every row against them.
 */
export async function takeForeignKeys(tx: Tx): Promise<readonly ForeignKey[]> {
  const keys = await tx.rows<ForeignKey>(sql`
    select c.relname::text as table, k.conname::text as name, pg_get_constraintdef(k.oid) as definition
      from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = 'public'::regnamespace
     order by 1, 2`)
  for (const { table, name } of keys)
    await tx.rows(sql`alter table ${named(table)} drop constraint ${identifier(name)}`)
  return keys
}

export async function putForeignKeys(tx: Tx, keys: readonly ForeignKey[]): Promise<void> {
  for (const { table, name, definition } of keys)
    await tx.rows({
      text: `alter table ${named(table).text} add constraint ${identifier(name).text} ${definition}`,
      values: [],
    })
}

/** Every sequence, those of identity columns among them: a number that was given out is not given out again. */
export async function sequenceValues(tx: Tx): Promise<readonly SequenceValue[]> {
  const names = await tx.rows<{ sequence: string }>(sql`
    select relname::text as sequence from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'S' order by relname`)
  const values: SequenceValue[] = []
  for (const { sequence } of names) {
    const [row] = await tx.rows<Omit<SequenceValue, 'sequence'>>(
      sql`select last_value::text as value, is_called as called from ${named(sequence)}`,
    )
    if (row !== undefined) values.push({ sequence, ...row })
  }
  return values
}

export async function setSequences(tx: Tx, values: readonly SequenceValue[]): Promise<void> {
  for (const { sequence, value, called } of values)
    await tx.rows(sql`select setval(${named(sequence).text}::regclass, ${value}::bigint, ${called}::boolean)`)
}

/** Whoever held a lease is not here: what was being done can be taken up at once. */
export async function endLeases(tx: Tx): Promise<void> {
  const leased = await tx.rows<{ table: string }>(sql`
    select c.relname::text as table from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and a.attname in ('claim', 'leased_until') and not a.attnotnull
     group by c.relname having count(*) = 2`)
  for (const { table } of leased)
    await tx.rows(
      sql`update ${named(table)} set claim = null, leased_until = null where leased_until is not null`,
    )
}

/**
 * Keeps everybody from noting what becomes of files, until the transaction is rolled back to before this. The
 * partners' folders then stand still but for what was being done, which can be done again. Takes no snapshot.
 */
export async function holdIntakes(tx: Tx): Promise<void> {
  await tx.rows(sql`lock table intake, intake_file, intake_report in share mode`)
}

/** With its schema: `record` alone is PostgreSQL's own type of that name. */
function named(name: string): Sql {
  return { text: `public.${identifier(name).text}`, values: [] }
}
