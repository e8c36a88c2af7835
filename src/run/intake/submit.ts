import { createReadStream } from 'node:fs'
import type { Definition } from '../../exchange/definition.ts'
import { findDelivery } from '../../store/deliveries.ts'
import { type IntakeFile, listIntakeFiles, noteChecked, noteSubmitted } from '../../store/intake-files.ts'
import { sealKeysFor } from '../../store/pgp-keys.ts'
import { BUNDLE_TYPE } from '../../unpack/bundle.ts'
import type { ByteSource } from '../../unpack/byte-source.ts'
import { type SealKeys, SealRefused } from '../../unpack/seal-refusal.ts'
import { ownerOf } from '../owner.ts'
import { receive } from '../receive.ts'
import { isChecksum, sentence } from './check.ts'
import { contentOf, dropSpooled, openedContent, smallBytesMax } from './content.ts'
import type { IntakeDeps, TreeIntake } from './deps.ts'
import { type Member, storedZip } from './stored-zip.ts'

/** What one submission of an intake consists of. */
export interface Delivery {
  readonly account: string
  /** More than one: they are put together. */
  readonly files: readonly IntakeFile[]
}

const bundleBytesMax = 256 * 2 ** 20
/** Files put together at most, by how often a submission that they were in broke: the one that breaks it is found. */
const bundleFilesMax = [100_000, 256, 16, 1] as const
const readAhead = 16

/**
 * Divides files, in order of name, into submissions: small ones of one account that follow each other are put
 * together, and a large one is a submission of its own. No file overtakes another, whoever sent them: what a later one
 * corrects must be there. Those of a submission that broke are put together in ever smaller ones, until the file that
 * breaks it stands alone. What is left after the first submissions is divided as it would have been with them, so that
 * a process that comes later goes on alike.
 */
export function deliveriesOf(files: readonly IntakeFile[]): Delivery[] {
  const deliveries: { account: string; files: IntakeFile[] }[] = []
  let open: { group: string; files: IntakeFile[]; names: Set<string>; bytes: number } | null = null
  for (const file of files) {
    const { account, name, splits } = file
    const filesMax = bundleFilesMax[Math.min(splits, bundleFilesMax.length - 1)] ?? 1
    const group = `${splits} ${account}`
    const bytes = file.contentBytes ?? file.bytes
    if (bytes > smallBytesMax) {
      deliveries.push({ account, files: [file] })
      open = null
      continue
    }
    const fits: boolean =
      open !== null &&
      open.group === group &&
      open.files.length < filesMax &&
      open.bytes + bytes <= bundleBytesMax &&
      !open.names.has(name)
    if (open === null || !fits) {
      open = { group, files: [], names: new Set(), bytes: 0 }
      deliveries.push({ account, files: open.files })
    }
    open.files.push(file)
    open.names.add(name)
    open.bytes += bytes
  }
  return deliveries
}

/** Makes submissions of an intake's files, those that are not in one yet. */
export async function submitFiles(deps: IntakeDeps, on: TreeIntake, definition: Definition): Promise<void> {
  const { intake, partner, exchange } = on.intake
  const owner = await ownerOf(deps, definition, partner)
  const keys = await deps.db.transact((tx) => sealKeysFor(tx, partner, exchange))
  for (;;) {
    const files = await deps.db.transact((tx) => listIntakeFiles(tx, intake))
    const before = new Set(files.flatMap(({ tracking }) => tracking ?? [])).size
    const waiting = files.filter((file) => file.state === 'taken' && !isChecksum(file))
    const deliveries = deliveriesOf(waiting)
    if (deliveries.length === 0) return
    try {
      for (const [index, delivery] of deliveries.entries()) {
        await submit(deps, on, { owner, keys }, delivery, before + index + 1)
        deps.queued()
      }
      return
    } catch (error) {
      if (!(error instanceof FileSealed)) throw error
      await refuse(deps, error.file, error.refusal)
    }
  }
}

/** A file that could be opened when it was checked cannot be any more: its key was retired since. */
class FileSealed extends Error {
  readonly file: IntakeFile
  readonly refusal: SealRefused
  constructor(file: IntakeFile, refusal: SealRefused) {
    super(refusal.message)
    this.file = file
    this.refusal = refusal
  }
}

async function refuse(deps: IntakeDeps, file: IntakeFile, refusal: SealRefused): Promise<void> {
  const { contentBytes, sha256, format } = file
  const reason = sentence(refusal.reason)
  await deps.db.transact((tx) =>
    noteChecked(tx, [
      { file: file.file, contentBytes, sha256, format, state: 'refused', code: refusal.code, reason },
    ]),
  )
}

interface Terms {
  readonly owner: string
  readonly keys: SealKeys
}

async function submit(
  deps: IntakeDeps,
  on: TreeIntake,
  { owner, keys }: Terms,
  { account, files }: Delivery,
  number: number,
): Promise<void> {
  const { intake, partner, exchange, realm } = on.intake
  const [only] = files
  const idempotencyKey = `intake:${intake}:${only?.file ?? number}:${only?.splits ?? 0}`
  const first = await deps.db.transact((tx) => findDelivery(tx, partner, idempotencyKey))
  const together = files.length > 1 || only === undefined
  const tracking =
    first?.tracking ??
    (
      await receive(
        deps,
        {
          exchange,
          realm,
          partner,
          owner,
          account,
          byCentre: false,
          channel: on.tree.uploads === null ? 'drop' : 'sftp',
          fileName: together ? nameOf(intake, number, only) : only.name,
          contentType: together ? BUNDLE_TYPE : null,
          idempotencyKey,
          scope: 'incremental',
          dryRun: false,
          bytes: together
            ? storedZip(membersOf(files, (file) => contentFor(deps, on, keys, file)))
            : piecesOf(await contentFor(deps, on, keys, only)),
        },
        deps.documentBytesMax,
      )
    ).tracking
  await deps.db.transact((tx) =>
    noteSubmitted(
      tx,
      tracking,
      files.map(({ file }) => file),
      files.map(({ name }) => (together ? name : '')),
    ),
  )
  for (const file of files) await dropSpooled(deps, file)
}

function nameOf(intake: string, number: number, first: IntakeFile | undefined): string {
  const splits = first?.splits ?? 0
  return splits === 0 ? `${intake}-${number}.zip` : `${intake}-${number}-${splits}.zip`
}

async function contentFor(
  deps: IntakeDeps,
  { tree }: TreeIntake,
  keys: SealKeys,
  file: IntakeFile,
): Promise<ByteSource> {
  const content = await contentOf(deps, tree, file)
  try {
    return (await openedContent(deps, keys, file, content)) ?? content
  } catch (error) {
    throw error instanceof SealRefused ? new FileSealed(file, error) : error
  }
}

/** Reads small files some ahead, in their order. */
async function* membersOf(
  files: readonly IntakeFile[],
  read: (file: IntakeFile) => Promise<ByteSource>,
): AsyncGenerator<Member> {
  for (let index = 0; index < files.length; index += readAhead) {
    const some = files.slice(index, index + readAhead)
    const contents = await Promise.all(some.map(read))
    for (const [offset, { name }] of some.entries())
      yield { name, bytes: await wholeOf(contents[offset] as ByteSource) }
  }
}

async function wholeOf(source: ByteSource): Promise<Uint8Array> {
  if ('bytes' in source) return source.bytes
  const chunks: Uint8Array[] = []
  for await (const chunk of piecesOf(source)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if ('bytes' in source) yield source.bytes
  else yield* createReadStream(source.path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>
}
