import type { SaxesTagNS } from 'saxes'
import { recordBatches } from './batches.ts'
import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'
import type { SheetRow } from './sheet-row.ts'
import { isDateFormat } from './sheet-values.ts'
import { StrictXml, type XmlEvents } from './strict-xml.ts'
import { decodeText } from './text.ts'
import { unescapeText, type WorkbookTables, XlsxRows } from './xlsx-rows.ts'
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip-entries.ts'

/** The parts that name the other parts and the styles are some kilobytes. */
const smallPartBytesMax = 16 * 2 ** 20
/** The XML of a sheet is about six times its packed size, and is streamed. */
const sheetGrowthMax = 16

interface SheetInfo {
  readonly name: string
  readonly relation: string
  readonly hidden: boolean
}

/**
 * The rows of one sheet of an XLSX workbook: the one with this name, else the first that is not hidden.
 * Texts shared between cells are held in memory, rows are not. We read the parts ourselves, because readers
 * on offer either hold the whole workbook or do not tell a formula from its result.
 * Throws DecodeError.
 */
export async function* decodeXlsx(
  bytes: Uint8Array,
  sheetName: string,
  limits: DecodeLimits,
): AsyncGenerator<readonly SheetRow[]> {
  const workbook = new Parts(bytes, limits)
  const path = await workbook.mainPath()
  const { sheets, from1904 } = await workbook.sheets(path)
  const relations = await workbook.relations(path)
  const sheet =
    sheets.find(({ name }) => name === sheetName) ?? sheets.find(({ hidden }) => !hidden) ?? sheets[0]
  const target = sheet === undefined ? undefined : relations.get(sheet.relation)
  if (target === undefined) throw malformed('the workbook holds no sheet.')
  const tables: WorkbookTables = {
    strings: await workbook.strings(relations.byType('sharedStrings')),
    dateStyles: await workbook.dateStyles(relations.byType('styles')),
    from1904,
  }
  const texts = workbook.text(target, sheetGrowthMax * limits.sheetBytesMax)
  yield* recordBatches(texts, new XlsxRows(tables, limits), limits.batchRecordsMax)
}

/** The names of an XLSX workbook's sheets. Throws DecodeError. */
export async function xlsxSheetNames(bytes: Uint8Array, limits: DecodeLimits): Promise<readonly string[]> {
  const workbook = new Parts(bytes, limits)
  const { sheets } = await workbook.sheets(await workbook.mainPath())
  return sheets.map(({ name }) => name)
}

/** Paths of other parts, by the id under which a part refers to them. */
class Relations {
  readonly #targets = new Map<string, { type: string; path: string }>()

  add(id: string, type: string, path: string): void {
    this.#targets.set(id, { type, path })
  }

  get(id: string): string | undefined {
    return this.#targets.get(id)?.path
  }

  /** The two dialects of the format have type names of their own that end in the same word. */
  byType(word: string): string | undefined {
    for (const { type, path } of this.#targets.values()) if (type.endsWith(`/${word}`)) return path
    return undefined
  }
}

class Parts {
  readonly #bytes: Uint8Array
  readonly #limits: DecodeLimits
  readonly #entries: ReadonlyMap<string, ZipEntry>

  constructor(bytes: Uint8Array, limits: DecodeLimits) {
    this.#bytes = bytes
    this.#limits = limits
    this.#entries = readZipDirectory(bytes)
  }

  async mainPath(): Promise<string> {
    const path = (await this.relations('')).byType('officeDocument')
    if (path === undefined) throw malformed('the archive is not an XLSX workbook.')
    if (path.endsWith('.bin')) throw malformed('the workbook is binary (XLSB); save it as XLSX.')
    return path
  }

  async sheets(path: string): Promise<{ sheets: SheetInfo[]; from1904: boolean }> {
    const sheets: SheetInfo[] = []
    let from1904 = false
    await this.#scan(path, smallPartBytesMax, (tag) => {
      if (tag.local === 'workbookPr') from1904 = ['1', 'true'].includes(attribute(tag, 'date1904') ?? '')
      if (tag.local !== 'sheet') return
      const hidden = (attribute(tag, 'state') ?? 'visible') !== 'visible'
      sheets.push({ name: attribute(tag, 'name') ?? '', relation: attribute(tag, 'id') ?? '', hidden })
    })
    return { sheets, from1904 }
  }

  /** The relations of the part with this path; '' for those of the archive itself. */
  async relations(path: string): Promise<Relations> {
    const slash = path.lastIndexOf('/') + 1
    const folder = path.slice(0, slash)
    const relations = new Relations()
    const own = `${folder}_rels/${path.slice(slash)}.rels`
    await this.#scan(own, smallPartBytesMax, (tag) => {
      if (tag.local !== 'Relationship') return
      const target = attribute(tag, 'Target') ?? ''
      relations.add(attribute(tag, 'Id') ?? '', attribute(tag, 'Type') ?? '', resolve(folder, target))
    })
    return relations
  }

  async strings(path: string | undefined): Promise<string[]> {
    const strings: string[] = []
    if (path === undefined || !this.#entries.has(path)) return strings
    let text = ''
    let reading = false
    let phonetic = false
    await this.#scan(path, this.#limits.sheetBytesMax, {
      opened: ({ local }) => {
        if (local === 'si') text = ''
        else if (local === 'rPh') phonetic = true
        else if (local === 't') reading = !phonetic
      },
      text: (piece) => {
        if (reading) text += piece
      },
      closed: ({ local }) => {
        if (local === 't') reading = false
        else if (local === 'rPh') phonetic = false
        else if (local === 'si') strings.push(unescapeText(text))
      },
    })
    return strings
  }

  async dateStyles(path: string | undefined): Promise<boolean[]> {
    const styles: boolean[] = []
    if (path === undefined || !this.#entries.has(path)) return styles
    const codes = new Map<number, string>()
    let inCells = false
    await this.#scan(path, smallPartBytesMax, {
      opened: (tag) => {
        const id = Number(attribute(tag, 'numFmtId') ?? 0)
        if (tag.local === 'numFmt') codes.set(id, attribute(tag, 'formatCode') ?? '')
        else if (tag.local === 'cellXfs') inCells = true
        else if (tag.local === 'xf' && inCells) styles.push(isDateFormat(id, codes.get(id)))
      },
      text: () => {},
      closed: ({ local }) => {
        if (local === 'cellXfs') inCells = false
      },
    })
    return styles
  }

  text(path: string, sizeMax: number): AsyncGenerator<string> {
    const entry = this.#entries.get(path)
    if (entry === undefined) throw malformed(`the workbook lacks its part ${path.slice(0, 120)}.`)
    return decodeText(readZipEntry(this.#bytes, entry, sizeMax), { windows1252: false })
  }

  async #scan(path: string, sizeMax: number, use: XmlEvents | ((tag: SaxesTagNS) => void)): Promise<void> {
    const events = typeof use === 'function' ? { opened: use, text: () => {}, closed: () => {} } : use
    const parser = new StrictXml(this.#limits, events)
    for await (const text of this.text(path, sizeMax)) parser.push(text)
    parser.end()
  }
}

function attribute(tag: SaxesTagNS, local: string): string | undefined {
  const own = tag.attributes[local]
  if (own !== undefined) return own.value
  for (const name in tag.attributes) if (name.endsWith(`:${local}`)) return tag.attributes[name]?.value
  return undefined
}

/** A path inside the archive, from one relative to a folder; a leading slash means the archive's root. */
function resolve(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1)
  const path = folder.split('/').filter((part) => part !== '')
  for (const part of target.split('/'))
    if (part === '..') path.pop()
    else if (part !== '.' && part !== '') path.push(part)
  return path.join('/')
}

function malformed(reason: string): DecodeError {
  return new DecodeError('FILE_MALFORMED', 0, reason)
}
