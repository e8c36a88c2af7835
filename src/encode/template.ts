import { writeXlsx } from 'hucre/xlsx'
import { columnsOf } from '../exchange/columns.ts'
import type { Definition, Operation, RecordType } from '../exchange/definition.ts'
import { columnGuide } from './column-guide.ts'
import { csvRow } from './csv.ts'
import { exampleRecord } from './example.ts'
import { type Travel, toRows, toWire } from './record.ts'
import { xmlElement, xmlFrame } from './xml.ts'

export type TemplateFormat = 'xlsx' | 'csv' | 'json' | 'xml'

/** Name of the sheet that explains the columns; the first sheet is the one that is read. */
const guideSheet = 'Columns'
const columnWidthChars = 18

/**
 * A document of an exchange to start from: one invented record, in this format. CSV and XLSX have every
 * column in the order of the definition; XLSX has a second sheet that explains them, and keeps what is typed
 * as text, so that leading zeros stay.
 */
export async function writeTemplate(
  definition: Definition,
  type: RecordType,
  format: TemplateFormat,
): Promise<Uint8Array> {
  const example = exampleRecord(definition, type)
  const travel = travelOf(definition, type)
  const { csv, json, xml } = definition.formats
  if (format === 'json') {
    const wire = toWire(definition, type, example, travel)
    const whole = json.wrapper === null ? wire : { [json.wrapper]: [wire] }
    return utf8(`${JSON.stringify(whole, null, 2)}\n`)
  }
  if (format === 'xml') {
    const frame = xmlFrame(xml.root, xml.namespace)
    const record = xmlElement(xml.record, toWire(definition, type, example, travel))
    return utf8(`${frame.start}${indented(record)}${frame.end}`)
  }
  const header = columnsOf(definition, type).map(({ column }) => column)
  const rows = toRows(definition, type, example, travel)
  if (format === 'csv') return utf8([header, ...rows].map((row) => csvRow(row, csv.delimiter)).join(''))
  return workbook(definition, type, header, rows)
}

function workbook(
  definition: Definition,
  type: RecordType,
  header: string[],
  rows: string[][],
): Promise<Uint8Array> {
  const guide = columnGuide(definition, type)
  const text = (count: number) =>
    Array.from({ length: count }, () => ({ numFmt: '@', width: columnWidthChars }))
  const freezePane = { rows: 1 }
  return writeXlsx({
    sheets: [
      {
        name: definition.formats.sheet.name,
        columns: text(header.length),
        rows: [header, ...rows.map(blanks)],
        freezePane,
      },
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
