import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { SubmissionView } from '../channel/rest/ports.ts'
import { csvRow } from '../encode/csv.ts'
import { readSigned } from '../identity/keys.ts'
import type { Node } from '../node/start.ts'
import { type Client, createClient } from './client.ts'
import { leaf } from './command.ts'
import { type DemoPerson, registerPeople } from './demo-people.ts'
import { stopHeader, stopRows, stopTree } from './demo-stop-forms.ts'
import { generateStops } from './demo-stops.ts'
import { CommandError } from './exits.ts'
import type { Output, Screen } from './output.ts'
import { createProgress } from './progress.ts'
import { atLeastOne } from './server-command.ts'
import { isSettled, showSubmissions } from './submission-report.ts'

interface Given {
  readonly exit?: boolean
  readonly stops: number
  readonly data: string
  readonly port?: number
}

/** Two agencies that do not exist. */
const AGENCIES = [
  {
    partner: 'riverbend-pd',
    title: 'Riverbend Police Department',
    ori: 'CA0990100',
    format: 'csv',
    seed: 11,
  },
  { partner: 'oak-county-so', title: 'Oak County Sheriff', ori: 'CA0990000', format: 'json', seed: 12 },
] as const

type Agency = (typeof AGENCIES)[number]

const faultShare = 0.06
/** Stops of the last two months, so that none is late. */
const firstDayAgo = 62 * 86_400_000

export function demoCommand(): Command {
  return leaf<Given>(
    'demo',
    'Starts a node on the embedded database, registers two invented agencies and sends their invented stops through ' +
      'it. Everything goes over the real REST channel. Stays up for a look around.',
    [
      ['tributary demo', 'See it, then look around'],
      ['tributary demo --exit', 'See it and end'],
      ['tributary demo --stops 20000', 'More of it'],
    ],
    async ({ given, out }) => {
      const node = await freshNode(given)
      try {
        const result = await show(node, given, out)
        out.result(result, (screen) => whereNext(screen, node, given, result))
        if (given.exit !== true) await endAsked()
      } finally {
        await node.close()
      }
      return 'ok'
    },
    (command) =>
      command
        .option('--exit', 'end when everything has been shown')
        .option('--stops <number>', 'stops to send for each agency', atLeastOne, 3000)
        .option('--data <folder>', 'folder of the demo; emptied first', './data/demo')
        .option('--port <number>', 'port to listen on (default: any free one)', atLeastOne),
  )
}

const marker = 'this-folder-is-the-demo'

/** The demo's folder is emptied only if a demo made it. */
async function freshNode(given: Given): Promise<Node> {
  const folder = resolve(given.data)
  const exists = await stat(folder).then(
    () => true,
    () => false,
  )
  const ours = await stat(join(folder, marker)).then(
    () => true,
    () => false,
  )
  if (exists && !ours)
    throw new CommandError(
      'refused',
      `${folder} was not made by the demo.`,
      'Name another folder with --data.',
    )
  const { holderOf } = await import('../node/folder-lock.ts')
  const pid = await holderOf(folder)
  if (pid !== null)
    throw new CommandError(
      'refused',
      `A demo (process ${pid}) is running in ${folder}.`,
      'End it, or name another folder with --data.',
    )
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, marker), '')
  const { readConfig } = await import('../node/config.ts')
  const { startNode } = await import('../node/start.ts')
  const config = readConfig({}, { dataFolder: folder, port: given.port ?? 0, logLevel: 'silent' })
  return startNode(config)
}

interface DemoResult {
  readonly url: string
  /** Who may sign in to the console. */
  readonly people: readonly DemoPerson[]
  readonly submissions: readonly SubmissionView[]
  readonly findings: readonly Summary[]
  readonly errorFile: string
  readonly receiptVerified: boolean
  readonly corrected: { readonly key: string | null; readonly from: string; readonly to: string }
}

interface Summary {
  readonly code: string
  readonly field: string
  readonly count: number
  readonly message: string
}

async function show(node: Node, given: Given, out: Output): Promise<DemoResult> {
  const { screen } = out
  screen.line(`${screen.bold('A node')} listens at ${node.url}, on the embedded database in ${given.data}.`)
  const administrator = await ownPassword(node)
  const centre = createClient({
    url: node.url,
    clientId: administrator.account,
    clientSecret: administrator.password,
  })
  const views: SubmissionView[] = []
  const clients: Client[] = []
  for (const agency of AGENCIES) {
    const client = await register(node, centre, agency)
    clients.push(client)
    screen.line(`\n${screen.bold(agency.title)} (ORI ${agency.ori}) sends ${agency.format.toUpperCase()}:`)
    views.push(await send(client, await writeStops(agency, given), out))
  }
  const agencyPeople = await registerPeople(node, centre, AGENCIES[0].partner)
  const people = [...agencyPeople, { who: 'administrator of the centre', ...administrator }]
  const [first = unreachable(), second = unreachable()] = clients
  const [mine = unreachable()] = views
  screen.line(`\n${screen.bold(AGENCIES[0].title)} sends the same file again:`)
  views.push(await send(first, filePath(AGENCIES[0], given), out))
  const corrected = await correct(second, out)
  screen.line('')
  showSubmissions(screen, views)
  const findings = await first.get<{ items: Summary[] }>(`/v1/submissions/${mine.tracking}/findings/summary`)
  screen.line(`\n${screen.bold('What was found most')} in the first file:`)
  showFindings(screen, findings.items.slice(0, 8))
  const errorFile = await downloadErrors(first, mine, given)
  const receiptVerified = await verifyReceipt(first, node, mine)
  return {
    url: node.url,
    people,
    submissions: views,
    findings: findings.items,
    errorFile,
    receiptVerified,
    corrected,
  }
}

function unreachable(): never {
  throw new Error('the demo has two agencies')
}

/** The first sign-in: the one-time password is changed to one of the demo's own. */
async function ownPassword(node: Node): Promise<{ account: string; password: string }> {
  const { administrator } = node
  if (administrator === null)
    throw new CommandError('internal', 'The demo did not start on an empty database.')
  const password = `demo-${administrator.password.slice(0, 12)}`
  const change = { account: administrator.account, secret: administrator.password, address: 'demo' }
  await node.identity.changePassword({ ...change, newPassword: password })
  return { account: administrator.account, password }
}

async function register(node: Node, centre: Client, agency: Agency): Promise<Client> {
  const { partner, title, ori } = agency
  await centre.send('POST', '/v1/partners', { name: partner, title })
  await centre.send('PUT', `/v1/partners/${partner}/identifiers/ori/${ori}`)
  const name = `${partner}-records`
  await centre.send('POST', '/v1/accounts', { name, partner, kind: 'machine', realms: ['live', 'test'] })
  await centre.send('PUT', `/v1/accounts/${name}/grants/ripa`, {
    grants: ['submit', 'validate', 'read', 'close'],
  })
  const secret = await centre.send<{ clientId: string; clientSecret: string }>(
    'POST',
    `/v1/accounts/${name}/secret`,
  )
  return createClient({ url: node.url, clientId: secret.clientId, clientSecret: secret.clientSecret })
}

function filePath({ partner, format }: Agency, given: Given): string {
  return join(resolve(given.data), `${partner}.${format}`)
}

/** Writes an agency's invented stops, as CSV rows or as JSON objects one a line. */
async function writeStops(agency: Agency, given: Given): Promise<string> {
  const path = filePath(agency, given)
  const firstDay = new Date(Date.now() - firstDayAgo).toISOString().slice(0, 10)
  const stops = generateStops({
    seed: agency.seed,
    count: given.stops,
    ori: agency.ori,
    faults: faultShare,
    firstDay,
  })
  function* lines(): Generator<string> {
    if (agency.format === 'csv') yield csvRow(stopHeader('v2'), '|')
    for (const stop of stops)
      if (agency.format === 'json') yield `${JSON.stringify(stopTree(stop))}\n`
      else for (const row of stopRows(stop)) yield csvRow(row, '|')
  }
  await pipeline(lines, createWriteStream(path))
  return path
}

/** Sends a file and follows it to its end, with a progress bar. */
async function send(client: Client, path: string, out: Output): Promise<SubmissionView> {
  const { createReadStream } = await import('node:fs')
  const headers = { 'content-type': 'application/octet-stream', 'x-file-name': basename(path) }
  let view = await client.upload<SubmissionView>(
    '/v1/exchanges/ripa/submissions',
    {},
    createReadStream(path),
    headers,
  )
  const progress = createProgress('Processing', 'records')
  for await (const { data } of client.events<SubmissionView>(`/v1/submissions/${view.tracking}/events`)) {
    view = data
    const { records, share } = view.progress
    if (!out.json)
      progress.update(records, share === null || share === 0 ? null : Math.round(records / share))
    if (isSettled(view)) break
  }
  progress.end()
  return client.get<SubmissionView>(`/v1/submissions/${view.tracking}`)
}

interface RecordView {
  readonly recordId: string
  readonly key: string
  readonly statusLabel: string
  readonly version: number
  readonly body: { readonly [name: string]: unknown }
  readonly findings: readonly { readonly code: string; readonly message: string; readonly path: string }[]
}

/** Corrects one record that was stored with errors, as an agency would: by its own system, in one call. */
async function correct(client: Client, out: Output): Promise<DemoResult['corrected']> {
  const page = await client.get<{ items: RecordView[] }>('/v1/exchanges/ripa/stop', {
    status: 'submitted-with-errors',
    limit: 100,
  })
  const faulty = page.items.find((record) =>
    record.findings.some((one) => one.path.endsWith('.reason_narrative')),
  )
  const record = faulty ?? page.items[0]
  if (record === undefined)
    throw new CommandError('internal', 'No record of the demo was stored with errors.')
  const { screen } = out
  screen.line(`\n${screen.bold('A correction.')} ${record.key} stands as "${record.statusLabel}":`)
  for (const { code, message } of record.findings) screen.line(`  ${code}  ${message}`)
  const result = await client.send<{ statusLabel: string; version: number }>(
    'PUT',
    `/v1/exchanges/ripa/stop/${record.recordId}`,
    correctedBody(record),
  )
  screen.line(`  corrected and sent again: now "${result.statusLabel}", version ${result.version}.`)
  return { key: record.key, from: record.statusLabel, to: result.statusLabel }
}

function correctedBody(record: RecordView): object {
  const persons = record.body.persons
  if (!Array.isArray(persons)) return record.body
  return {
    ...record.body,
    persons: persons.map((person: object) => ({
      ...person,
      reason_narrative: 'Vehicle without working brake lights',
    })),
  }
}

function showFindings(screen: Screen, findings: readonly Summary[]): void {
  screen.table(
    [{ title: 'Code' }, { title: 'Field' }, { title: 'Records', align: 'right' }, { title: 'For example' }],
    findings.map(({ code, field, count, message }) => [code, field, count, message.slice(0, 80)]),
  )
}

async function downloadErrors(client: Client, view: SubmissionView, given: Given): Promise<string> {
  const { fileName, bytes } = await client.download(`/v1/submissions/${view.tracking}/error-file`)
  const path = join(resolve(given.data), basename(fileName))
  await pipeline(bytes, createWriteStream(path))
  return path
}

/** Verifies the receipt as anybody can: with the published keys and nothing else of the node's. */
async function verifyReceipt(client: Client, node: Node, view: SubmissionView): Promise<boolean> {
  const receipt = await client.text(`/v1/submissions/${view.tracking}/receipt`)
  const { keys } = await node.identity.publicKeys()
  return readSigned(receipt.trim(), keys)?.claims.tracking === view.tracking
}

function whereNext(screen: Screen, node: Node, given: Given, result: DemoResult): void {
  screen.line('')
  screen.pairs([
    ['Error file', `${result.errorFile} (the agency's own rows, with what is wrong in each)`],
    ['Receipt', result.receiptVerified ? 'signed by the node; the signature was verified' : 'NOT VERIFIED'],
    ['API', `${node.url}/docs`],
  ])
  if (given.exit === true) return
  screen.line(`\n${screen.bold('The console')}: open ${node.url} in a browser and sign in as one of these.`)
  screen.table(
    [{ title: 'Who' }, { title: 'Account' }, { title: 'Password' }],
    result.people.map(({ who, account, password }) => [who, account, password]),
  )
  screen.line('\nThe node stays up. Ctrl-C ends it.')
}

async function endAsked(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
