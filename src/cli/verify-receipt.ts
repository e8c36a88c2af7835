import { createHash } from 'node:crypto'
import { createReadStream, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import type { ReceiptClaims } from '../feedback/receipt.ts'
import { appendLeaves, type Edge, leafHash, type PathStep, proves, rootOf } from '../identity/merkle.ts'
import { CommandError } from './exits.ts'
import { keptKeysPath } from './kept-keys.ts'

/** What one check of a receipt came to. */
export interface Check {
  readonly name: string
  readonly holds: boolean
  readonly about: string
}

/** The receipt's file, and those that are to be held against it. */
export interface ReceiptFiles {
  /** One receipt, or several, one a line, as an intake sends them back. */
  readonly file: string
  /** Which of them the other files are about. */
  readonly tracking?: string
  /** JSON Web Key Set; absent: the keys kept on this machine. */
  readonly keys?: string
  readonly log?: string
  readonly document?: string
  readonly proof?: string
}

const leavesAtOnce = 512

/** `typ` in the header of receipts and acknowledgements. */
const paperType = 'tributary-paper+jwt'

/** A receipt with what was found of it. */
export interface Verified {
  readonly claims: ReceiptClaims
  readonly checks: readonly Check[]
}

/**
 * Verifies the receipts of a file without a server. What does not hold is a check that says so; CommandError is
 * thrown only for files that cannot be used.
 */
export async function verifyReceipts(files: ReceiptFiles): Promise<readonly Verified[]> {
  const papers = await receiptsIn(files.file)
  const keys = await readKeys(files.keys)
  const receipts: Verified[] = []
  for (const jws of papers) {
    const { claims, signature } = await verifiedClaims(jws, keys)
    if (files.tracking === undefined || files.tracking === claims.tracking)
      receipts.push({ claims, checks: [signature] })
  }
  const [only] = receipts
  if (only === undefined)
    throw new CommandError('missing', `${files.file} holds no receipt of ${files.tracking}.`)
  const { log, document, proof } = files
  if (log === undefined && document === undefined && proof === undefined) return receipts
  if (receipts.length > 1)
    throw new CommandError(
      'usage',
      `${files.file} holds ${receipts.length} receipts.`,
      'Say with --tracking which of them the other files are about.',
    )
  const { claims } = only
  const checks = [...only.checks]
  if (log !== undefined) checks.push(...(await logChecks(log, claims)))
  if (document !== undefined) checks.push(await documentCheck(document, claims))
  if (proof !== undefined) checks.push(await proofCheck(proof, claims))
  return [{ claims, checks }]
}

async function receiptsIn(file: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8'))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0 || lines.some((line) => !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(line)))
    throw new CommandError('usage', `${file} is not a receipt.`, 'A receipt is one line of text.')
  return lines
}

async function verifiedClaims(
  jws: string,
  keys: JSONWebKeySet,
): Promise<{ claims: ReceiptClaims; signature: Check }> {
  const [, payload = ''] = jws.split('.')
  try {
    const { protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys), { algorithms: ['EdDSA'] })
    // The node signs other things as well, access tokens for one; none of them is a paper.
    if (protectedHeader.typ !== paperType) throw new Error('not a paper')
    return {
      claims: claimsOf(payload),
      signature: { name: 'signature', holds: true, about: 'signed by the node' },
    }
  } catch (error) {
    const unknown = error instanceof Error && 'code' in error && error.code === 'ERR_JWKS_NO_MATCHING_KEY'
    const about = unknown
      ? 'signed with a key that is not among the keys given'
      : 'altered, or not signed by the node'
    return { claims: claimsOf(payload), signature: { name: 'signature', holds: false, about } }
  }
}

function claimsOf(payload: string): ReceiptClaims {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as ReceiptClaims
  } catch {
    throw new CommandError('findings', 'The receipt is altered: it cannot be read.')
  }
}

async function readKeys(path: string | undefined): Promise<JSONWebKeySet> {
  const file = path ?? keptKeysPath(process.env)
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JSONWebKeySet
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError('usage', `${file} is not a JSON Web Key Set.`)
    if (path !== undefined) throw error
    throw new CommandError(
      'missing',
      'The public keys of the node are not on this machine.',
      'Fetch /.well-known/jwks.json from the node once and give it with --keys, or run tributary login.',
    )
  }
}

/** Reads the log once, in constant memory, and holds its Merkle root against the receipt's. */
async function logChecks(file: string, claims: ReceiptClaims): Promise<Check[]> {
  let edge: Edge = []
  let lines = 0
  let leaves: Buffer[] = []
  const outcomes: Record<string, number> = {}
  try {
    for await (const line of logLines(file)) {
      if (line === '') continue
      lines += 1
      leaves.push(leafHash(line))
      const { outcome } = JSON.parse(line) as { outcome?: string }
      if (outcome !== undefined) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      if (leaves.length < leavesAtOnce) continue
      edge = appendLeaves(edge, leaves)
      leaves = []
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw error
    return [{ name: 'log', holds: false, about: 'the session log cannot be read to its end' }]
  }
  const root = rootOf(appendLeaves(edge, leaves))
  const whole = root === claims.log?.root && lines === claims.log.lines
  const counts: Readonly<Record<string, unknown>> = { ...claims.counts }
  const wrong = Object.entries(outcomes).filter(([outcome, count]) => counts[outcome] !== count)
  return [
    {
      name: 'log',
      holds: whole,
      about: whole
        ? `all ${lines.toLocaleString('en-US')} lines are as the receipt states`
        : 'lines were changed, added or removed since',
    },
    {
      name: 'counts',
      holds: wrong.length === 0,
      about:
        wrong.length === 0
          ? 'the outcomes add up'
          : `the counts of ${wrong.map(([name]) => name).join(', ')} differ`,
    },
  ]
}

function logLines(file: string): AsyncIterable<string> {
  const start = Buffer.alloc(2)
  const handle = openSync(file, 'r')
  readSync(handle, start, 0, 2, 0)
  const bytes = createReadStream(file, { fd: handle, start: 0 })
  const packed = start[0] === 0x1f && start[1] === 0x8b
  const input = packed ? bytes.pipe(createGunzip()) : bytes
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  // readline swallows the errors of its input; told here, a truncated file is not taken for a short one.
  let failure: Error | null = null
  const fail = (error: Error) => {
    failure = error
    lines.close()
  }
  bytes.on('error', fail)
  input.on('error', fail)
  return (async function* () {
    yield* lines
    if (failure !== null) throw failure
  })()
}

async function documentCheck(file: string, claims: ReceiptClaims): Promise<Check> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  const holds = hash.digest('hex') === claims.document?.sha256
  return {
    name: 'document',
    holds,
    about: holds ? 'these are the bytes that were received' : 'these are other bytes',
  }
}

async function proofCheck(file: string, claims: ReceiptClaims): Promise<Check> {
  let proof: { line?: unknown; path?: unknown }
  try {
    proof = JSON.parse(await readFile(file, 'utf8')) as object
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError('usage', `${file} is not a proof.`)
    throw error
  }
  const { line, path } = proof
  if (typeof line !== 'string' || !Array.isArray(path))
    throw new CommandError('usage', `${file} is not a proof.`)
  const holds = proves(line, path as PathStep[], claims.log?.root ?? '')
  return {
    name: 'proof',
    holds,
    about: holds ? 'this line is part of the signed log' : 'this line is not in the signed log',
  }
}
