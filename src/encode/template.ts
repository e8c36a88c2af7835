import { writeXlsx } from 'hucre/xlsx'
import { columnsOf } from '../exchange/columns.ts'
import type { Definition, Operation, RecordType } from '../exchange/definition.ts'
import { columnGuide } from './column-guide.ts'
import { csvRow } from './csv.ts'
import { exampleRecord } from './example.ts'
import { type Travel, toRows, toWire } from './record.ts'
import { xmlElement, xmlFrame } from './xml.ts'

export type TemplateFormat = 'xlsx' | 'csv' | 'json' | 'xml'

/** Name of the sheet that explains the columns; it is the last, and never read. */
const guideSheet = 'Columns'
const columnWidthChars = 18

/**
 * A document of an exchange to start from: one invented record, in this format. CSV and XLSX have every
 * column in the order of the definition; XLSX has a second sheet that explains them, and keeps what is typed
 * as text, so that leading zeros stay.
 * @param types of an exchange that has several, those that the document is to hold: JSON and XML each under its
 *   own name, XLSX each in its own sheet; CSV holds one
 */
export async function writeTemplate(
  definition: Definition,
  types: readonly RecordType[],
  format: TemplateFormat,
): Promise<Uint8Array> {
  const several = definition.types.length > 1
  const { csv, json, xml } = definition.formats
  const wire = (type: RecordType) =>
    toWire(definition, type, exampleRecord(definition, type), travelOf(definition, type))
  if (format === 'json') {
    const wrapper = (type: RecordType) => (several ? type.forms.property : json.wrapper)
    const wrapped = types.map((type) => [wrapper(type), [wire(type)]] as const)
    const bare = wrapped.find(([name]) => name === null)
    const whole = bare === undefined ? Object.fromEntries(wrapped) : bare[1][0]
    return utf8(`${JSON.stringify(whole, null, 2)}\n`)
  }
  if (format === 'xml') {
    const frame = xmlFrame(xml.root, xml.namespace)
    const records = types.map((type) => xmlElement(several ? type.forms.element : xml.record, wire(type)))
    return utf8(`${frame.start}${records.map(indented).join('')}${frame.end}`)
  }
  const tables = types.map((type) => tableOf(definition, type))
  if (format === 'csv')
    return utf8(tables.flatMap(({ rows }) => rows.map((row) => csvRow(row, csv.delimiter))).join(''))
  return workbook(definition, tables)
}

interface Table {
  readonly type: RecordType
  /** The header first. */
  readonly rows: readonly (readonly string[])[]
}

function tableOf(definition: Definition, type: RecordType): Table {
  const header = columnsOf(definition, type).map(({ column }) => column)
  const example = exampleRecord(definition, type)
  return { type, rows: [header, ...toRows(definition, type, example, travelOf(definition, type))] }
}

function workbook(definition: Definition, tables: readonly Table[]): Promise<Uint8Array> {
  const several = definition.types.length > 1
  const guides = tables.map(({ type }) => {
    const [header = [], ...rows] = columnGuide(definition, type)
    return several
      ? { header: ['Sheet', ...header], rows: rows.map((row) => [type.forms.sheet, ...row]) }
      : { header, rows }
  })
  const guide = [guides[0]?.header ?? [], ...guides.flatMap(({ rows }) => rows)]
  const text = (count: number) =>
    Array.from({ length: count }, () => ({ numFmt: '@', width: columnWidthChars }))
  const freezePane = { rows: 1 }
  return writeXlsx({
    sheets: [
      ...tables.map(({ type, rows }) => ({
        name: several ? type.forms.sheet : definition.formats.sheet.name,
        columns: text(rows[0]?.length ?? 0),
        rows: rows.map(blanks),
        freezePane,
      })),
      { name: guideSheet, columns: text(guide[0]?.length ?? 0), rows: guide.map(blanks), freezePane },
    ],
  })
}

function blanks(row: readonly string[]): (string | null)[] {
  return row.map((cell) => (cell === '' ? null : cell))
}

function travelOf(definition: Definition, type: RecordType): Travel {
  const offered = Object.values(type.operation.values)
  const preferred: readonly Operation[] = ['create', 'upsert']
  const operation = preferred.find((one) => offered.includes(one)) ?? offered[0]
  const version = definition.versions.at(-1)?.name
  return {
    ...(operation === undefined ? {} : { operation }),
    ...(version === undefined ? {} : { version }),
  }
}

/** A line for each element. Texts stay as they are: breaks are put between tags only. */
function indented(xml: string): string {
  let depth = 1
  return xml
    .split(/(?<=>)(?=<)/)
    .map((part) => {
      if (part.startsWith('</')) depth -= 1
      const line = `${'  '.repeat(depth)}${part}\n`
      if (!part.startsWith('</') && !part.endsWith('/>') && !part.includes('</')) depth += 1
      return line
    })
    .join('')
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
