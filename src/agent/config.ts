import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { type Place, Problems, problemLine, type Report, suggestion } from '../exchange/problem.ts'
import { parseYaml } from '../exchange/yaml-tree.ts'
import { Fault } from '../fault/fault.ts'
import { isViewName } from '../source/dialect.ts'
import type { SourceLimits, SourceSpec } from '../source/source.ts'
import { type Part, readPart, type Secret } from './config-reader.ts'

/** The agent's configuration with every default filled in and every secret read. */
export interface AgentConfig {
  readonly node: NodeAddress
  /** Folder of the agent's state. */
  readonly state: string
  readonly poll: {
    readonly seconds: number
    readonly waitSeconds: number
    readonly backoffSeconds: number
    readonly atOnce: number
  }
  /** Key of temporary files, 32 bytes, or null. */
  readonly key: Uint8Array | null
  readonly sources: ReadonlyMap<string, SourceConfig>
  readonly batches: readonly BatchConfig[]
}

export interface NodeAddress {
  /** Without a slash at its end. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** PEM, or null for public authorities. */
  readonly ca: string | null
  readonly proxy: string | null
}

export interface SourceConfig {
  readonly name: string
  readonly spec: SourceSpec
  readonly limits: SourceLimits
}

export interface BatchConfig {
  readonly exchange: string
  readonly realm: 'live' | 'test'
  readonly source: string
  readonly views: readonly ViewConfig[]
  readonly check: { readonly mode: 'report' | 'stop' | 'off'; readonly shareMax: number }
}

export interface ViewConfig {
  /** Null: the first type of the exchange. */
  readonly type: string | null
  readonly view: string
  readonly where: string | null
  /** Their column → our field; null: left out. */
  readonly columns: ReadonlyMap<string, string | null>
  readonly otherColumns: 'refuse' | 'leave_out' | 'send'
  readonly changes: ChangesConfig | null
}

export type ChangesConfig =
  | { readonly by: 'timestamp'; readonly column: string; readonly overlapSeconds: number }
  | {
      readonly by: 'tracking'
      readonly table: string
      readonly sequence: string
      readonly key: readonly (readonly [ofTable: string, ofView: string])[]
      readonly operation: { readonly column: string; readonly deletes: readonly string[] } | null
      readonly overlap: number
      readonly deletions: 'send' | 'ignore'
    }
  | { readonly by: 'snapshot'; readonly deletions: 'send' | 'ignore'; readonly deleteShareMax: number }

/** Reads the agent's file. Throws fault CONFIG_WRONG that lists every problem with its line. */
export async function readAgentConfig(path: string, env: NodeJS.ProcessEnv): Promise<AgentConfig> {
  const file = resolve(path)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Fault('CONFIG_WRONG', { reason: `${file} cannot be read (${error.code}).` }, error)
  })
  const problems = new Problems()
  const tree = parseYaml(path, text, problems.report)
  const built = tree === null ? null : await build(tree, dirname(file), env, problems.report)
  const found = problems.sorted()
  if (found.length > 0 || built === null)
    throw new Fault('CONFIG_WRONG', { reason: found.map(problemLine).join('\n') || `${file} is empty.` })
  return built
}

async function build(
  tree: NonNullable<ReturnType<typeof parseYaml>>,
  folder: string,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<AgentConfig> {
  const root = readPart(tree, 'agent', report)
  const files: Files = { folder, env, report }
  const sources = new Map<string, SourceConfig>()
  for (const [name, part] of root.named('sources')) sources.set(name, await buildSource(name, part, files))
  const node = root.part('node', 'node')
  const poll = root.part('poll', 'poll')
  const batches = root.parts('batches').map((part) => buildBatch(part, sources, report))
  reportRepeated(root, batches, report)
  return {
    node: {
      url: checkedUrl(node, report),
      clientId: node.text('client_id'),
      clientSecret: await secretOf(node, 'client_secret', files),
      ca: await textFile(node, 'ca', files),
      proxy: node.textOrNull('proxy'),
    },
    state: resolve(folder, root.text('state')),
    poll: {
      seconds: poll.number('seconds'),
      waitSeconds: poll.number('wait_seconds'),
      backoffSeconds: poll.number('backoff_seconds'),
      atOnce: poll.number('at_once'),
    },
    key: await keyOf(root, files),
    sources,
    batches,
  }
}

interface Files {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly report: Report
}

/** Plain http would send the secret to whoever listens; on this machine nobody does. */
function checkedUrl(node: Part, report: Report): string {
  const text = node.text('url')
  const url = URL.canParse(text) ? new URL(text) : null
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '')
  if (
    url === null ||
    url.username !== '' ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))
  )
    report(node.at, 'VALUE', `'${text}' is not an https address.`, 'Write such as https://node.example.org')
  return text.replace(/\/+$/, '')
}

async function buildSource(name: string, part: Part, files: Files): Promise<SourceConfig> {
  const limits = part.part('limits', 'limits')
  return {
    name,
    spec: await specOf(part, files),
    limits: {
      batchRows: limits.number('batch_rows'),
      rowsPerSecond: limits.number('rows_per_second'),
      pauseMs: limits.number('pause_ms'),
      statementSeconds: limits.number('statement_seconds'),
      connectSeconds: limits.number('connect_seconds'),
    },
  }
}

async function specOf(part: Part, files: Files): Promise<SourceSpec> {
  const driver = part.text('driver') as SourceSpec['driver']
  const path = part.textOrNull('path')
  if (driver === 'sqlite' || driver === 'files') {
    if (path === null) missing(part, 'path', `${driver} needs it`, files.report)
    const full = resolve(files.folder, path ?? '')
    if (driver === 'sqlite') return { driver, path: full }
    return { driver, folder: full, delimiter: part.text('delimiter') as ',' | '|' | '\t' }
  }
  for (const key of ['database', 'user', 'password'])
    if (!part.has(key)) missing(part, key, `${driver} needs it`, files.report)
  return {
    driver,
    host: part.text('host'),
    port: part.number('port'),
    database: part.text('database'),
    user: part.text('user'),
    password: await secretOf(part, 'password', files),
    tls: part.text('tls') as 'verify' | 'encrypt' | 'off',
    ca: await textFile(part, 'ca', files),
  }
}

function buildBatch(part: Part, sources: ReadonlyMap<string, SourceConfig>, report: Report): BatchConfig {
  const source = part.text('source')
  const config = sources.get(source)
  if (part.has('source') && config === undefined)
    report(
      part.at,
      'UNKNOWN_NAME',
      `There is no source '${source}'.`,
      suggestion(source, [...sources.keys()]),
    )
  if (part.has('view') === part.has('views'))
    report(
      part.at,
      'KEY_MISSING',
      "A batch has either 'view' or 'views'.",
      'Write view: and the name of the view.',
    )
  const check = part.part('check', 'check')
  const ofFiles = config?.spec.driver === 'files'
  const views = part.has('views') ? part.parts('views') : [part]
  return {
    exchange: part.text('exchange'),
    realm: part.text('realm') as 'live' | 'test',
    source,
    views: views.map((view) => buildView(view, ofFiles, report)),
    check: { mode: check.text('mode') as 'report' | 'stop' | 'off', shareMax: check.number('share_max') },
  }
}

function buildView(part: Part, ofFiles: boolean, report: Report): ViewConfig {
  const view = part.text('view')
  const where = part.textOrNull('where')
  if (!ofFiles && view !== '' && !isViewName(view))
    report(part.at, 'NAME', `'${view}' is not the name of a view.`, 'Write such as ems.tributary_voter')
  if (where !== null && (ofFiles || where.includes(';')))
    report(
      part.at,
      'VALUE',
      `'where' cannot be used so.`,
      ofFiles ? 'Files have none.' : 'Write one condition, without ;',
    )
  const changes = part.has('changes') ? buildChanges(part.part('changes', 'changes'), report) : null
  if (ofFiles && changes !== null && changes.by !== 'snapshot')
    report(part.at, 'VALUE', `Files know no changes by ${changes.by}.`, 'Write by: snapshot')
  return {
    type: isWholeBatch(part) ? null : part.textOrNull('type'),
    view,
    where,
    columns: part.names('columns'),
    otherColumns: part.text('other_columns') as ViewConfig['otherColumns'],
    changes,
  }
}

/** A batch of one view has no key `type`: its exchange has one, or the first is meant. */
function isWholeBatch(part: Part): boolean {
  return part.has('exchange')
}

const DEFAULT_OVERLAP = { seconds: 300, numbers: 1000 }

function buildChanges(part: Part, report: Report): ChangesConfig {
  const by = part.text('by')
  const deletions = part.text('deletions') as 'send' | 'ignore'
  const need = (...keys: readonly string[]) => {
    for (const key of keys) if (!part.has(key)) missing(part, key, `changes by ${by} need it`, report)
  }
  const overlap = (fallback: number) => (part.has('overlap') ? part.number('overlap') : fallback)
  if (by === 'timestamp') {
    need('column')
    return { by, column: part.text('column'), overlapSeconds: overlap(DEFAULT_OVERLAP.seconds) }
  }
  if (by !== 'tracking') return { by: 'snapshot', deletions, deleteShareMax: part.number('delete_share_max') }
  need('table', 'sequence', 'key')
  const table = part.text('table')
  if (table !== '' && !isViewName(table))
    report(part.at, 'NAME', `'${table}' is not the name of a table.`, 'Write such as ems.voter_changes')
  const column = part.textOrNull('operation')
  const deletes = part.texts('deletes')
  if ((column === null) !== (deletes.length === 0))
    report(part.at, 'VALUE', "'operation' and 'deletes' go together.", 'Write both, or neither.')
  return {
    by,
    table,
    sequence: part.text('sequence'),
    key: [...part.names('key')].map(([ofTable, ofView]) => [ofTable, ofView ?? ofTable]),
    operation: column === null ? null : { column, deletes },
    overlap: overlap(DEFAULT_OVERLAP.numbers),
    deletions,
  }
}

function missing(part: Part, key: string, why: string, report: Report): void {
  report(part.at, 'KEY_MISSING', `The key '${key}' is missing here: ${why}.`, `Add ${key}:`)
}

function reportRepeated(root: Part, batches: readonly BatchConfig[], report: Report): void {
  const seen = new Set<string>()
  for (const { exchange, realm, views } of batches) {
    const name = `${exchange} (${realm})`
    if (seen.has(name))
      report(root.at, 'DUPLICATE', `The batch ${name} stands twice.`, 'Keep one of the two.')
    seen.add(name)
    const types = views.map(({ type }) => type)
    if (new Set(types).size < types.length)
      report(
        root.at,
        'DUPLICATE',
        `Two views of ${name} are of one type.`,
        'Give each view a type of its own.',
      )
  }
}

async function secretOf(part: Part, key: string, files: Files): Promise<string> {
  const secret = part.secret(key)
  return secret === null ? '' : readSecret(secret, part.at, files)
}

async function readSecret(secret: Secret, at: Place, { folder, env, report }: Files): Promise<string> {
  if ('value' in secret) return secret.value
  if ('env' in secret) {
    const value = env[secret.env]
    if (value === undefined) report(at, 'VALUE', `The variable ${secret.env} is not set.`, 'Set it.')
    return value ?? ''
  }
  const path = isAbsolute(secret.file) ? secret.file : join(folder, secret.file)
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      report(at, 'FILE_MISSING', `${path} cannot be read (${error.code}).`, 'Write the secret into it.')
      return ''
    },
  )
}

async function textFile(part: Part, key: string, files: Files): Promise<string | null> {
  const file = part.textOrNull(key)
  return file === null ? null : readSecret({ file }, part.at, files)
}

async function keyOf(root: Part, files: Files): Promise<Uint8Array | null> {
  const secret = root.secret('key')
  if (secret === null) return null
  const text = await readSecret(secret, root.at, files)
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  const fix = 'Make one with: openssl rand -hex 32'
  if (text !== '') files.report(root.at, 'VALUE', "'key' is not 64 hexadecimal digits.", fix)
  return null
}
