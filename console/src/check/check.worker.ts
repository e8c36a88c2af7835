import { createFileBook } from '../../../src/cli/file-book.ts'
import { decodeDocument } from '../../../src/decode/decode.ts'
import { decodeTypesOf } from '../../../src/decode/decode-types.ts'
import { DEFAULT_LIMITS, limitsOf } from '../../../src/decode/limits.ts'
import { sniff, sniffBytes } from '../../../src/decode/sniff.ts'
import { groupColumnsOf } from '../../../src/exchange/columns.ts'
import type { Definition } from '../../../src/exchange/definition.ts'
import type { RawRecord } from '../../../src/exchange/parcel.ts'
import { compileTypeOfName } from '../../../src/exchange/record-types.ts'
import { keyText } from '../../../src/match/key-text.ts'
import { compileFindType } from '../../../src/translate/record-type.ts'
import { compileTranslator } from '../../../src/translate/translator.ts'
import { compileValidator } from '../../../src/validate/validator.ts'
import type { CheckAnswer, CheckRequest, CheckTally } from './check.ts'
import { digest } from './digest.ts'
import { placeOf } from './place.ts'

/** Judges a file here, in the person's browser, with the node's own code. Nothing leaves the machine. */

/** Findings handed over one by one; beyond that they are only counted. */
const findingsMax = 2000

const post = (answer: CheckAnswer) => self.postMessage(answer)

self.onmessage = ({ data }: MessageEvent<CheckRequest>) => {
  check(data).catch((error: unknown) => {
    const { name, code, line, message } = error as Error & { code?: string; line?: number }
    if (name === 'DecodeError') post({ kind: 'refused', code: code ?? '', line: line ?? 0, message })
    else post({ kind: 'failed' })
  })
}

async function check({ file, partner, definition }: CheckRequest): Promise<void> {
  const compiled = definition as unknown as Definition
  const head = new Uint8Array(await file.slice(0, sniffBytes).arrayBuffer())
  const { kind, seems } = sniff(head)
  if (
    kind === 'zip' ||
    compiled.types.some(({ fields }) => fields.some(({ document }) => document !== null))
  ) {
    // What is in an archive, and files that come with records, only the node unpacks.
    post({ kind: 'later' })
    return
  }
  if (kind === 'empty' || kind === 'unknown') {
    post({ kind: 'unreadable', seems })
    return
  }
  let read = 0
  const counted = (bytes: number) => {
    read += bytes
  }
  const plain = kind === 'gzip' ? unzipped(file, counted) : chunks(file.stream(), counted)
  const format = kind === 'gzip' ? null : kind
  await judge(compiled, partner, file.name, plain, format, () => Math.min(1, read / Math.max(1, file.size)))
}

async function judge(
  definition: Definition,
  partner: string,
  fileName: string,
  bytes: AsyncIterable<Uint8Array>,
  known: 'csv' | 'json' | 'xml' | 'xlsx' | 'xls' | null,
  share: () => number,
): Promise<void> {
  const { first, rest } = await peek(bytes)
  const found = known ?? sniff(first).kind
  if (found === 'zip' || found === 'gzip' || found === 'unknown' || found === 'empty') {
    post({ kind: 'later' })
    return
  }
  const translator = compileTranslator(definition)
  const validator = compileValidator(definition)
  const book = createFileBook(definition)
  const types = decodeTypesOf(definition)
  const ofName = compileTypeOfName(definition)(fileName)
  const findType = compileFindType(definition)
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: definition.zone }).format(new Date())
  const tally: CheckTally = { records: 0, rejected: 0, withErrors: 0, findings: 0, share: 0 }
  const options = {
    formats: definition.formats,
    limits: limitsOf(definition, DEFAULT_LIMITS),
    groupColumns: groupColumnsOf(
      definition,
      definition.types.find(({ name }) => name === ofName),
    ),
    types,
    firstPosition: 1,
    member: '',
  }
  const judgeOne = (raw: RawRecord) => {
    const typed = types.length === 0 ? raw : findType(raw, ofName)
    const draft = translator.translate(typed, { partner, today })
    const parcel = validator.validate(draft, { today, sha256: digest, rawHash: '' })
    const { outcome, findings } = book.decide(parcel)
    tally.records += 1
    if (outcome === 'rejected') tally.rejected += 1
    else if (findings.some(({ severity }) => severity === 'error')) tally.withErrors += 1
    const key = keyText(parcel)?.replaceAll('\u001f', ' / ') ?? null
    const shown = findings.slice(0, Math.max(0, findingsMax - tally.findings))
    const before = tally.findings
    tally.findings += findings.length
    return shown.map(({ code, severity, field, message, value, item }, index) => ({
      number: before + index + 1,
      ...placeOf(raw, field, item, found),
      code,
      severity,
      field,
      message,
      value,
      key,
      position: raw.position,
    }))
  }
  for await (const batch of decodeDocument(rest, found, options)) {
    const findings = batch.flatMap(judgeOne)
    tally.share = share()
    post({ kind: 'progress', tally: { ...tally }, findings })
  }
  post({ kind: 'done', tally: { ...tally, share: 1 }, format: found })
}

async function* chunks(
  stream: ReadableStream<Uint8Array>,
  counted: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    counted(value.length)
    yield value
  }
}

function unzipped(file: File, counted: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const counting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      counted(chunk.length)
      controller.enqueue(chunk)
    },
  })
  const packed = file.stream().pipeThrough(counting)
  return chunks(packed.pipeThrough(new DecompressionStream('gzip')), () => undefined)
}

/** The first bytes, and all of them. */
async function peek(bytes: AsyncIterable<Uint8Array>) {
  const iterator = bytes[Symbol.asyncIterator]()
  const step = await iterator.next()
  const first = step.done === true ? new Uint8Array() : step.value
  async function* rest(): AsyncGenerator<Uint8Array> {
    if (step.done === true) return
    yield first
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return { first, rest: rest() }
}
