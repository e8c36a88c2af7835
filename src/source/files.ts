import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeCsv } from '../decode/csv.ts'
import { isDecodeError } from '../decode/decode-error.ts'
import { DEFAULT_LIMITS } from '../decode/limits.ts'
import { ROW_BY_ROW } from '../exchange/columns.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { sourceError } from './failure.ts'
import { type FilesSpec, type Row, type Source, SourceError, type SourceLimits } from './source.ts'

const noCodes = { native: () => '', kind: () => null }

/** A file that changed so lately is still being written. */
const stillSeconds = 5

/**
 * Delimited files in a folder. A view is a file's name, which may hold `*` and `?`: of several that fit, the
 * newest. The first row names the columns. A row that cannot be read ends the extraction: none may be lost in
 * silence.
 */
export function openFiles(spec: FilesSpec, limits: SourceLimits): Source {
  const decode = (path: string) =>
    decodeCsv(
      createReadStream(path),
      { delimiter: spec.delimiter, items: ';', parts: ',', rowPer: null },
      {
        limits: { ...DEFAULT_LIMITS, batchRecordsMax: limits.batchRows },
        firstPosition: 1,
        member: '',
        groupColumns: ROW_BY_ROW,
      },
    )
  return {
    async columns(view) {
      const path = await newest(spec.folder, view)
      for await (const records of readable(decode(path))) {
        const [first] = records
        if (first?.shape.kind === 'rows') return first.shape.header
        if (first?.shape.kind === 'broken') return first.shape.header ?? []
      }
      return headerOnly(path, spec.delimiter)
    },
    async *rows({ text }) {
      const path = await newest(spec.folder, text)
      for await (const records of readable(decode(path))) yield records.map(rowOf)
    },
    close: async () => {},
  }
}

function rowOf({ shape, line }: RawRecord): Row {
  if (shape.kind === 'rows') return shape.rows[0] ?? []
  const why = shape.kind === 'broken' ? shape.code : ''
  throw new SourceError('SOURCE_QUERY', why, `Line ${line} of the file cannot be read.`)
}

async function* readable(batches: AsyncIterable<readonly RawRecord[]>): AsyncGenerator<readonly RawRecord[]> {
  try {
    yield* batches
  } catch (error) {
    if (isDecodeError(error))
      throw new SourceError(
        'SOURCE_QUERY',
        error.code,
        `Line ${error.line} of the file cannot be read.`,
        error,
      )
    throw sourceError(error, noCodes)
  }
}

/** A file without a row has a header all the same. */
async function headerOnly(path: string, delimiter: string): Promise<readonly string[]> {
  let text = ''
  for await (const piece of createReadStream(path, { encoding: 'utf8', end: 2 ** 18 })) text += String(piece)
  const line = text.replace(/^\ufeff/, '').split(/\r?\n/)[0] ?? ''
  return line === '' ? [] : line.split(delimiter).map((cell) => cell.replace(/^"(.*)"$/, '$1').trim())
}

async function newest(folder: string, pattern: string): Promise<string> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw sourceError(error, noCodes)
  })
  const shape = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  )
  let best: { readonly path: string; readonly at: number } | null = null
  for (const name of names.filter((one) => shape.test(one) && !one.startsWith('.'))) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => null)
    if (info?.isFile() && (best === null || info.mtimeMs > best.at)) best = { path, at: info.mtimeMs }
  }
  if (best === null) throw new SourceError('SOURCE_MISSING', '', `No file in ${folder} is named ${pattern}.`)
  if (Date.now() - best.at < stillSeconds * 1000)
    throw new SourceError('SOURCE_UNREACHABLE', '', `${best.path} is still being written.`)
  return best.path
}
