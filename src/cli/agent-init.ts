import { randomBytes } from 'node:crypto'
import { access, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { AnsweredBatch, AnsweredView, Answers } from '../agent/config-text.ts'
import type { NodeCalls } from '../agent/protocol.ts'
import type { Source, SourceLimits, SourceSpec } from '../source/source.ts'
import { type AgentFlags, agentFlags, asAgentError } from './agent-file.ts'
import { type Ask, createAsk } from './ask.ts'
import { leaf } from './command.ts'
import { CommandError } from './exits.ts'
import type { Output } from './output.ts'
import { checkedUrl } from './profile.ts'

interface Given extends AgentFlags {
  readonly state?: string
  readonly ca?: string
  readonly proxy?: string
  readonly force?: boolean
}

export function agentInitCommand(): Command {
  return leaf<Given>(
    'init',
    'Asks for the node, the account, the source and the views, tries each answer at once, and writes the agent’s file ' +
      'with its secrets beside it, readable by this account alone. Answers may also come on standard input, a line each.',
    [
      ['sudo tributary agent init', 'Be asked; writes /etc/tributary-agent/agent.yaml'],
      ['tributary agent init --config ./agent.yaml --state ./state', 'Try it without root'],
    ],
    async ({ given, out }) => {
      const file = resolve(given.config)
      if (given.force !== true && (await isThere(file)))
        throw new CommandError('refused', `${file} exists already.`, 'Edit it, or use --force to begin anew.')
      const ask = createAsk()
      try {
        const written = await interview(file, given, ask, out)
        out.result(written, (screen) => {
          screen.line(`${screen.good('Written')}: ${file}`)
          screen.line(`Next: tributary agent check${given.config === file ? ` --config ${file}` : ''}`)
        })
      } catch (error) {
        throw asAgentError(error)
      } finally {
        ask.close()
      }
      return 'ok'
    },
    (command) =>
      agentFlags(command)
        .option('--state <folder>', "folder of the agent's state (/var/lib/tributary-agent)")
        .option('--ca <file>', "PEM file of the authority that signed the node's certificate")
        .option('--proxy <address>', 'web proxy on the way to the node')
        .option('--force', 'replace a file that is there'),
  )
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

const limits: SourceLimits = {
  batchRows: 100,
  rowsPerSecond: 0,
  pauseMs: 0,
  statementSeconds: 60,
  connectSeconds: 15,
}

async function interview(file: string, given: Given, ask: Ask, out: Output): Promise<object> {
  const { state = '/var/lib/tributary-agent', proxy = null } = given
  const ca = given.ca === undefined ? null : resolve(given.ca)
  const folder = dirname(file)
  const { createNodeCalls } = await import('../agent/node-calls.ts')
  const way = { ca: ca === null ? null : await readFile(ca, 'utf8'), proxy }
  const node = await askNode(ask, out, (account) => createNodeCalls({ ...account, ...way }))
  const source = await askSource(ask, out)
  try {
    const batches = await askBatches(node.calls, source.session, source.spec, ask, out)
    const answers: Answers = {
      url: node.url,
      clientId: node.clientId,
      secretFile: 'node-secret',
      ca,
      proxy,
      keyFile: 'key',
      state: resolve(state),
      source: {
        name: 'ems',
        spec: source.spec,
        passwordFile: 'password' in source.spec ? 'database-password' : null,
      },
      batches,
    }
    await mkdir(folder, { recursive: true, mode: 0o750 })
    await writeSecret(join(folder, 'node-secret'), `${node.secret}\n`)
    await writeSecret(join(folder, 'key'), `${randomBytes(32).toString('hex')}\n`)
    if ('password' in source.spec)
      await writeSecret(join(folder, 'database-password'), `${source.spec.password}\n`)
    const { configText } = await import('../agent/config-text.ts')
    const { agentConfigSchema } = await import('../agent/config-schema.ts')
    await writeFile(join(folder, 'agent.schema.json'), `${JSON.stringify(agentConfigSchema(), null, 2)}\n`)
    await writeSecret(file, configText(answers))
    return { config: file, batches: batches.map(({ exchange }) => exchange) }
  } finally {
    node.calls.close()
    await source.session.close()
  }
}

/** A file that was readable by others before is not any more. */
async function writeSecret(path: string, text: string): Promise<void> {
  await rm(path, { force: true })
  await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  await chmod(path, 0o600)
}

/** Asks again where somebody types; a script's wrong answer ends it. */
async function untilGood<T>(ask: Ask, out: Output, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!ask.terminal || !(error instanceof Error)) throw error
      out.note(`${error.message} Again:`)
    }
  }
}

async function answer(ask: Ask, question: string, fallback: string): Promise<string> {
  const text = await ask.line(fallback === '' ? `${question}: ` : `${question} [${fallback}]: `)
  return text === '' ? fallback : text
}

type MakeCalls = (account: { url: string; clientId: string; clientSecret: string }) => NodeCalls

function askNode(ask: Ask, out: Output, make: MakeCalls) {
  return untilGood(ask, out, async () => {
    const url = checkedUrl(await ask.line('Address of the node (https://…): '))
    const clientId = await ask.line('Client id of the agent: ')
    const secret = await ask.secret('Its secret: ')
    const calls = make({ url, clientId, clientSecret: secret })
    const me = await calls.me().catch((error: unknown) => {
      calls.close()
      throw error
    })
    out.note(`Signed in as ${me.name} of ${me.partner}.`)
    return { url, clientId, secret, calls }
  })
}

const DRIVERS = ['postgres', 'mysql', 'mariadb', 'sqlserver', 'oracle', 'sqlite', 'files'] as const
type Driver = (typeof DRIVERS)[number]

function askSource(ask: Ask, out: Output): Promise<{ readonly spec: SourceSpec; readonly session: Source }> {
  return untilGood(ask, out, async () => {
    const driver = (await answer(ask, `Kind of database (${DRIVERS.join(', ')})`, 'postgres')) as Driver
    if (!DRIVERS.includes(driver)) throw new CommandError('usage', `There is no kind '${driver}'.`)
    const spec = await askSpec(driver, ask)
    const { openSource } = await import('../source/open.ts')
    const session = await openSource(spec, limits)
    out.note('Connected to the source.')
    return { spec, session }
  })
}

async function askSpec(driver: Driver, ask: Ask): Promise<SourceSpec> {
  if (driver === 'sqlite') return { driver, path: resolve(await ask.line('Its file: ')) }
  if (driver === 'files') {
    const folder = resolve(await ask.line('Their folder: '))
    const delimiter = await answer(ask, 'What parts the columns (, or | or tab)', ',')
    return { driver, folder, delimiter: delimiter === 'tab' ? '\t' : delimiter === '|' ? '|' : ',' }
  }
  const host = await answer(ask, 'Server', 'localhost')
  const port = Number(await answer(ask, 'Port (0: the usual one)', '0'))
  const database = await ask.line(driver === 'oracle' ? 'Service name: ' : 'Database: ')
  const user = await ask.line('Account that may only read: ')
  const password = await ask.secret('Its password: ')
  const tls = await answer(ask, 'Encryption (verify, encrypt, off)', 'verify')
  if (tls !== 'verify' && tls !== 'encrypt' && tls !== 'off')
    throw new CommandError('usage', `'${tls}' is none of verify, encrypt, off.`)
  return { driver, host, port, database, user, password, tls, ca: null }
}

async function askBatches(
  calls: NodeCalls,
  session: Source,
  spec: SourceSpec,
  ask: Ask,
  out: Output,
): Promise<readonly AnsweredBatch[]> {
  const batches: AnsweredBatch[] = []
  for (const exchange of await askExchanges(calls, ask)) {
    const definition = await calls.definition(exchange)
    const views: AnsweredView[] = []
    const several = definition.types.length > 1
    for (const type of definition.types) {
      const of = several ? `${exchange}, ${type.title}` : `${exchange} (${definition.title})`
      const view = await untilGood(ask, out, () =>
        askView(`View of ${of}; empty: not sent`, definition, type.name, session, spec, ask, out),
      )
      if (view !== null) views.push(view)
    }
    if (views.length > 0) batches.push({ exchange, views })
  }
  if (batches.length === 0) throw new CommandError('usage', 'No view was named, so there is nothing to send.')
  return batches
}

/** Those that the account is granted by name; one that may send anything is asked what. */
async function askExchanges(calls: NodeCalls, ask: Ask): Promise<readonly string[]> {
  const { grants } = await calls.me()
  const may = grants.filter((one) => one.grants.includes('submit')).map(({ exchange }) => exchange)
  if (may.length === 0)
    throw new CommandError(
      'refused',
      'The account may not submit in any exchange.',
      'Ask the centre for the grant submit.',
    )
  if (!may.includes('*')) return may
  const names = await ask.line('Exchanges to send to, parted by blanks: ')
  return names.split(/[\s,]+/).filter((name) => name !== '')
}

async function askView(
  question: string,
  definition: Awaited<ReturnType<NodeCalls['definition']>>,
  type: string,
  session: Source,
  spec: SourceSpec,
  ask: Ask,
  out: Output,
): Promise<AnsweredView | null> {
  const { isViewName } = await import('../source/dialect.ts')
  const { wireNamesOf } = await import('../agent/wire-names.ts')
  const view = await ask.line(`${question}: `)
  if (view === '') return null
  if (spec.driver !== 'files' && !isViewName(view))
    throw new CommandError('usage', `'${view}' is not the name of a view.`)
  const columns = await session.columns(view)
  const known = definition.types.find(({ name }) => name === type)
  const names = known === undefined ? null : wireNamesOf(known)
  const unknown = columns.filter((column) => (names?.find(column) ?? null) === null)
  out.note(`${columns.length} columns; ${columns.length - unknown.length} are fields by their own names.`)
  if (unknown.length > 0) out.note(`To be named in the file: ${unknown.join(', ')}.`)
  const changes = await answer(ask, 'Send only what changed (yes), or everything each time (no)', 'yes')
  return { type, view, unknown, changes: /^n/i.test(changes) ? 'all' : 'snapshot' }
}
