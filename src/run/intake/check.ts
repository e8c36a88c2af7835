import { sniff, sniffBytes } from '../../decode/sniff.ts'
import type { Definition } from '../../exchange/definition.ts'
import { formatOfName, nameLabels, readFileName } from '../../exchange/file-name.ts'
import { type CheckedFile, type IntakeFile, listIntakeFiles, noteChecked } from '../../store/intake-files.ts'
import { sealKeysFor } from '../../store/pgp-keys.ts'
import { type ByteSource, headOf, sizeOf } from '../../unpack/byte-source.ts'
import { checkSeal, type SealKeys, SealRefused } from '../../unpack/seal-refusal.ts'
import { hashesOf, statedChecksum } from './checksum.ts'
import { contentOf, dropSpooled, openedContent } from './content.ts'
import type { IntakeDeps, TreeIntake } from './deps.ts'
import { type ChecksumKind, checksumName, isUnsafe, pairPath } from './upload-names.ts'

/** Files looked at side by side, and noted together. */
const sideBySide = 8
const notedAtOnce = 400

/** The sender's trouble with one file: it is refused, the others go on. */
class FileRefused extends Error {
  readonly code: string
  constructor(code: string, reason: string) {
    super(reason)
    this.code = code
  }
}

/** What the files of an intake are held against. */
interface Rules {
  readonly definition: Definition
  readonly labels: Readonly<Record<string, string>>
  readonly keys: SealKeys
  /** Sidecars by the path of the file that they are of. */
  readonly checksums: ReadonlyMap<
    string,
    readonly { readonly kind: ChecksumKind; readonly file: IntakeFile }[]
  >
  readonly paths: ReadonlySet<string>
}

/**
 * Checks each file of an intake by itself: its name, its checksum, its seal, and that it is of a kind that can be
 * read. A file that was checked before is passed over.
 */
export async function checkFiles(deps: IntakeDeps, on: TreeIntake, definition: Definition): Promise<void> {
  const { intake } = on
  const files = await deps.db.transact((tx) => listIntakeFiles(tx, intake.intake))
  const open = files.filter((file) => file.state === 'taken' && file.sha256 === null)
  if (open.length === 0) return
  const keys = await deps.db.transact((tx) => sealKeysFor(tx, intake.partner, intake.exchange))
  const rules = rulesFor(definition, keys, files)
  for (let index = 0; index < open.length; index += notedAtOnce) {
    const some = open.slice(index, index + notedAtOnce)
    const checked: CheckedFile[] = []
    const rest = some.values()
    await Promise.all(
      Array.from({ length: sideBySide }, async () => {
        for (const file of rest) checked.push(await checkFile(deps, on, rules, file))
      }),
    )
    await deps.db.transact((tx) => noteChecked(tx, checked))
  }
}

function rulesFor(definition: Definition, keys: SealKeys, files: readonly IntakeFile[]): Rules {
  const checksums = new Map<string, { kind: ChecksumKind; file: IntakeFile }[]>()
  const paths = new Set<string>()
  for (const file of files) {
    paths.add(pairPath(file.folder, file.name))
    const checksum = isChecksum(file) ? checksumName(file.name) : null
    if (checksum === null) continue
    const of = pairPath(file.folder, checksum.of)
    checksums.set(of, [...(checksums.get(of) ?? []), { kind: checksum.kind, file }])
  }
  return { definition, labels: nameLabels(definition), keys, checksums, paths }
}

/** Is this file there for the sake of another? */
export function isChecksum({ format }: Pick<IntakeFile, 'format'>): boolean {
  return format === 'sha256' || format === 'md5'
}

async function checkFile(
  deps: IntakeDeps,
  on: TreeIntake,
  rules: Rules,
  file: IntakeFile,
): Promise<CheckedFile> {
  const content = await contentOf(deps, on.tree, file)
  const sidecars = rules.checksums.get(pairPath(file.folder, file.name)) ?? []
  const hashes = await hashesOf(content, ['sha256', ...sidecars.map(({ kind }) => kind)])
  const { format, reason } = file
  const checked = { file: file.file, contentBytes: null, sha256: hashes.sha256 ?? '', format, reason }
  try {
    if (isChecksum(file)) {
      refuseLonely(rules, file)
      return { ...checked, state: 'taken', code: null }
    }
    refuseName(rules, file)
    await refuseChecksum(deps, on, rules, file, hashes, sidecars)
    const opened = await openedContent(deps, rules.keys, file, content)
    if (opened === null) checkSeal({ encrypted: false, signedBy: null }, rules.keys)
    return {
      ...checked,
      contentBytes: opened === null ? null : await sizeOf(opened),
      format: await formatOf(opened ?? content, file),
      state: 'taken',
      code: null,
    }
  } catch (error) {
    if (!(error instanceof FileRefused || error instanceof SealRefused)) throw error
    await dropSpooled(deps, { ...file, contentBytes: 0 })
    return { ...checked, state: 'refused', code: error.code, reason: sentence(error.message) }
  }
}

function refuseLonely({ paths }: Rules, { folder, name }: IntakeFile): void {
  const of = checksumName(name)?.of ?? ''
  if (!paths.has(pairPath(folder, of)))
    throw new FileRefused('FILE_INCOMPLETE', 'it is the checksum of a file that did not come.')
}

function refuseName({ definition, labels }: Rules, { name }: IntakeFile): void {
  if (isUnsafe(name))
    throw new FileRefused('FILE_NAME_WRONG', 'the name holds a control character or a backslash.')
  const read = readFileName(definition.files, name, labels)
  if (!read.fits) throw new FileRefused('FILE_NAME_WRONG', read.reason)
}

async function refuseChecksum(
  deps: IntakeDeps,
  { tree }: TreeIntake,
  { definition }: Rules,
  file: IntakeFile,
  hashes: Readonly<Partial<Record<ChecksumKind, string>>>,
  sidecars: readonly { readonly kind: ChecksumKind; readonly file: IntakeFile }[],
): Promise<void> {
  const { checksum } = definition.files
  if (checksum === 'none') return
  // A reason is that of the person who released it without.
  if (checksum === 'required' && sidecars.length === 0 && file.reason === null)
    throw new FileRefused('FILE_CHECKSUM_MISSING', 'there is no checksum file beside it.')
  for (const { kind, file: sidecar } of sidecars) {
    const source = await contentOf(deps, tree, sidecar)
    const stated = statedChecksum(await headOf(source, sniffBytes), kind)
    if (stated === null)
      throw new FileRefused('FILE_CHECKSUM_WRONG', `the file '${sidecar.name}' holds no ${kind} checksum.`)
    if (stated !== hashes[kind])
      throw new FileRefused('FILE_CHECKSUM_WRONG', `its ${kind} is not the one in '${sidecar.name}'.`)
  }
}

/** The format of a file, from what it holds; inside an archive only its name can tell. */
async function formatOf(content: ByteSource, { name }: IntakeFile): Promise<string | null> {
  const { kind, seems } = sniff(await headOf(content, sniffBytes))
  if (kind === 'empty') throw new FileRefused('FILE_EMPTY', 'the file is empty.')
  if (kind === 'unknown')
    throw new FileRefused(
      'FILE_TYPE_UNKNOWN',
      `it seems to be ${seems}; send CSV, XLSX, XLS, XML or JSON, or one of them in ZIP or gzip.`,
    )
  return kind === 'zip' || kind === 'gzip' ? formatOfName(name) : kind
}

export function sentence(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1)
}
