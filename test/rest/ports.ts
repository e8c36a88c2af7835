import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type {
  DocumentRequest,
  OneRecordRequest,
  OneRecordResult,
  Ports,
  RecordView,
  SubmissionView,
} from '../../src/channel/rest/ports.ts'
import type { Finding, Outcome } from '../../src/exchange/parcel.ts'
import { Fault } from '../../src/fault/fault.ts'
import type { Counts } from '../../src/store/model.ts'
import { DEFINITIONS } from './definition.ts'

/** What the next single-record call comes to. */
export interface Verdict {
  readonly outcome?: Outcome
  readonly status?: OneRecordResult['status']
  readonly findings?: readonly Finding[]
  readonly error?: unknown
}

export interface TestPorts extends Ports {
  /** Calls as the ports got them. */
  readonly documents: (Omit<DocumentRequest, 'bytes'> & { readonly text: string })[]
  readonly ones: OneRecordRequest[]
  readonly queries: object[]
  /** What the next calls of `one` answer, first first; without one, the record is created. */
  readonly verdicts: Verdict[]
  /** Thrown by the next call of any kind of `health`. */
  failure: unknown
}

interface State {
  readonly submissions: Map<string, SubmissionView>
  readonly bodies: Map<string, Uint8Array>
  readonly results: Map<string, OneRecordResult>
  readonly records: Map<string, RecordView>
  /** A new number, for tracking numbers and ids. */
  next(): number
}

type Seen = Pick<TestPorts, 'documents' | 'ones' | 'queries' | 'verdicts'>

/** A node of maps and lists: enough to see what the channel asks for and says. */
export function testPorts(): TestPorts {
  let made = 0
  const state: State = {
    submissions: new Map(),
    bodies: new Map(),
    results: new Map(),
    records: new Map(),
    next: () => {
      made += 1
      return made
    },
  }
  const seen: Seen = { documents: [], ones: [], queries: [], verdicts: [] }
  const ports: TestPorts = {
    ...seen,
    failure: null,
    definitions: {
      list: () => DEFINITIONS,
      get: (exchange) => {
        const found = DEFINITIONS.find((one) => one.exchange === exchange)
        if (found === undefined) throw new Fault('NOT_FOUND', { what: `exchange ${exchange}` })
        return found
      },
    },
    submit: submitPorts(state, seen),
    submissions: submissionPorts(state, seen),
    records: recordPorts(state, seen),
    codes: {
      lists: async () => [{ list: 'city', title: 'Cities', values: 2, imported: true, importedAt: null }],
      values: async (_exchange, _list, query) => {
        seen.queries.push(query)
        return { items: [{ code: '1', label: 'One', from: null, until: null }], next: null }
      },
      import: async (_who, _exchange, _list, content) => {
        const values = content.trim().split('\n').length - 1
        return { values, added: values, removed: 0, changed: 0 }
      },
    },
    codeTables: {
      usedBy: () => ({ city: ['sighting.city'] }),
      csv: () => 'code,label\r\n1,One\r\n',
      edit: async (_who, _exchange, _list, { put, remove }) => ({
        values: 1,
        added: put.length,
        removed: remove.length,
        changed: 0,
      }),
      versions: async () => [],
      unmatched: async () => [],
      crosswalks: async () => [],
      putCrosswalk: async () => {
        throw new Fault('NOT_FOUND', { what: 'such a crosswalk' })
      },
    },
    candidates: candidatePorts(),
    rules: rulesPorts(),
    ruleTrial: async () => ({
      problem: null,
      counts: { received: 0, holds: 0, fails: 0, skipped: 0 },
      records: [],
    }),
    messages: messagePorts(),
    overview: {
      activity: async () => ({ from: '2026-01-01', to: '2026-01-01', items: [] }),
      attention: async () => ({
        alerts: [],
        submissions: [],
        records: [],
        files: { refused: 0, held: 0 },
        workItems: { count: 0, dueOn: null },
        since: '2026-01-01T00:00:00.000Z',
      }),
    },
    forms: {
      faulty: { list: async () => ({ items: [], next: null }), rules: async () => [] },
      drafts: draftPorts(),
    },
    quality: {
      card: async () => ({
        received: 0,
        all: { findings: 0, rate: null, median: null },
        months: [],
        rules: [],
      }),
      today: () => '2026-03-10',
    },
    duplicates: {
      stored: async () => ({ items: [], next: null }),
      refused: async () => ({ items: [], next: null }),
      pair: async () => {
        throw new Fault('NOT_FOUND', { what: 'such a record' })
      },
    },
    reconciliations: {
      list: async () => ({ items: [], next: null }),
      find: async () => null,
      differences: async () => ({ items: [], next: null }),
      csv: async () => {
        throw new Fault('NOT_FOUND', { what: 'such a reconciliation' })
      },
    },
    registry: registryPorts(),
    people: peoplePorts(),
    bulk: bulkPorts(),
    agent: agentPorts(),
    jobs: jobPorts(),
    audit: auditPorts(),
    system: systemPorts(),
    health: async () => {
      if (ports.failure !== null) throw ports.failure
      return { ready: true, durable: true, database: 'test', version: '0', queued: 0 }
    },
  }
  return ports
}

/** Held against a real database elsewhere; here there are no drafts. */
function draftPorts(): Ports['forms']['drafts'] {
  const none = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such a draft' })
  }
  return { list: async () => ({ items: [], next: null }), get: none, put: none, drop: async () => undefined }
}

/** Held against a real database elsewhere; here nobody is invited. */
function peoplePorts(): Ports['people'] {
  const none = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such an invitation' })
  }
  const list = async () => ({ items: [], next: null })
  return { invitations: { list, invite: none, resend: none, withdraw: none, look: none, accept: none } }
}

/** Held against a real node elsewhere; here there are no messages. */
function messagePorts(): Ports['messages'] {
  const none = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such a message' })
  }
  return {
    list: async () => [],
    find: async () => null,
    clear: async () => 0,
    ask: none,
    workItems: async () => ({ items: [], next: null }),
    workItem: async () => null,
    settle: none,
  }
}

/** Held against a real node elsewhere; here there are no new versions. */
function candidatePorts(): Ports['candidates'] {
  const none = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such a version' })
  }
  return {
    list: async () => [],
    find: none,
    upload: none,
    differences: async () => ({ items: [], next: null }),
    shadow: none,
    activate: none,
    withdraw: none,
  }
}

/** Held against a real node elsewhere; here there are no rules. */
function rulesPorts(): Ports['rules'] {
  const none = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such a rule set' })
  }
  return {
    list: async () => [],
    find: none,
    check: none,
    put: none,
    try: none,
    compare: none,
    withdraw: none,
  }
}

/** Likewise: here there is no work. */
function agentPorts(): Ports['agent'] {
  const unknown = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such an attempt' })
  }
  return {
    next: async () => null,
    progress: unknown,
    begin: unknown,
    append: unknown,
    complete: unknown,
    fail: unknown,
    result: unknown,
    definition: unknown,
  }
}

/** Likewise: here there are no jobs. */
function jobPorts(): Ports['jobs'] {
  const none = async (): Promise<[]> => []
  const page = async () => ({ items: [], next: null })
  const unknown = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such a job' })
  }
  async function* never() {}
  return {
    list: none,
    find: unknown,
    save: unknown,
    pause: unknown,
    resume: unknown,
    remove: unknown,
    occurrences: unknown,
    runNow: unknown,
    startOwn: unknown,
    runs: { list: page, find: unknown, cancel: unknown },
    attempts: { list: page, find: unknown, log: unknown },
    calendars: { list: none, find: unknown, save: unknown, remove: unknown },
    alerts: { list: page, find: unknown, acknowledge: unknown, watch: never },
    agents: none,
    sessions: page,
    trends: none,
  }
}

/** Likewise: the log is empty. */
function auditPorts(): Ports['audit'] {
  return {
    search: async () => ({ items: [], next: null }),
    verify: async () => ({ ok: true, seals: 0, entries: 0, unsealed: 0, head: '', bad: null }),
  }
}

function systemPorts(): Ports['system'] {
  return {
    view: async (): Promise<never> => {
      throw new Fault('NOT_FOUND', { what: 'such a node' })
    },
  }
}

/** Held against a real node elsewhere; here nobody is known. */
function registryPorts(): Ports['registry'] {
  const none = async (): Promise<[]> => []
  const unknown = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such a thing' })
  }
  const keys = { ours: none, theirs: none, policy: unknown, setPolicy: unknown }
  return {
    sshKeys: { list: none, add: unknown, remove: unknown },
    hostKeys: { list: none, make: unknown, retire: unknown },
    pgpKeys: { ...keys, make: unknown, add: unknown, retireOurs: unknown, retireTheirs: unknown },
    places: { list: none, put: unknown, remove: unknown },
    contacts: { list: none, put: unknown, remove: unknown, clearBounce: unknown },
    mails: { list: async () => ({ items: [], next: null }), find: async () => null, retry: unknown },
  }
}

/** Likewise. */
function bulkPorts(): Ports['bulk'] {
  const page = async () => ({ items: [], next: null })
  const none = async () => null
  const unknown = async (): Promise<never> => {
    throw new Fault('NOT_FOUND', { what: 'such a thing' })
  }
  const decisions = { rerun: unknown, hold: unknown, release: unknown, discard: unknown }
  const reads = { list: page, find: none, files: page, file: none }
  return {
    intakes: { ...reads, ...decisions, reports: async () => [], report: unknown },
    tree: { list: page, get: unknown, put: unknown, remove: unknown },
    transfers: {
      list: page,
      csv: () => ({ fileName: 'transfers.csv', contentType: 'text/csv', stream: Readable.from(['at\r\n']) }),
    },
    status: unknown,
    fileServer: () => null,
  }
}

function submitPorts(state: State, seen: Seen): Ports['submit'] {
  const { submissions, bodies } = state
  return {
    document: async ({ bytes, ...request }) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of bytes) chunks.push(chunk)
      const all = Buffer.concat(chunks)
      const view = submission(`T${state.next()}`, request, all)
      seen.documents.push({ ...request, text: all.toString('utf8').slice(0, 10_000) })
      submissions.set(view.tracking, view)
      bodies.set(view.tracking, all)
      return view
    },
    one: async (request) => {
      seen.ones.push(request)
      const verdict = seen.verdicts.shift() ?? {}
      if (verdict.error !== undefined) throw verdict.error
      return keep(state, request, verdict)
    },
    validate: async ({ format }) => ({
      record: { LEARecordID: 'A1', Note: 'a < b & "c"', List: { Item: ['1', '2'] } },
      body: { lea_record_id: 'A1' },
      version: format,
      findings: [FINDING],
    }),
    release: async (_who, tracking) => must(submissions, tracking),
    cancel: async (_who, tracking, reason) => ({
      ...must(submissions, tracking),
      state: 'cancelled',
      reason,
    }),
  }
}

function keep(state: State, request: OneRecordRequest, verdict: Verdict): OneRecordResult {
  const number = state.next()
  const tracking = `T${number}`
  const outcome = verdict.outcome ?? 'created'
  const stored = outcome !== 'rejected' && outcome !== 'filtered'
  const result: OneRecordResult = {
    tracking,
    repeated: request.idempotencyKey === 'seen-before',
    position: 1,
    recordId: stored ? (request.recordId ?? `R${number}`) : null,
    key: 'CA0990100/A1',
    outcome,
    status: stored ? (verdict.status ?? 'submitted') : null,
    statusLabel: null,
    version: stored ? 1 : null,
    findings: verdict.findings ?? [],
    body: {},
  }
  state.submissions.set(tracking, submission(tracking, { ...request, fileName: 'record' }, request.bytes))
  state.bodies.set(tracking, request.bytes)
  state.results.set(tracking, result)
  if (stored && result.recordId !== null) state.records.set(result.recordId, record(result, request))
  return result
}

function submissionPorts({ submissions, bodies, results }: State, seen: Seen): Ports['submissions'] {
  return {
    find: async (tracking, partners) => {
      const view = submissions.get(tracking) ?? null
      return view !== null && partners !== null && !partners.includes(view.partner) ? null : view
    },
    list: async (query) => {
      seen.queries.push(query)
      const items = [...submissions.values()].filter((one) => query.partners?.includes(one.partner) ?? true)
      return { items, next: null }
    },
    outcomes: async (tracking) => {
      const result = results.get(tracking)
      if (result === undefined) return { items: [], next: null }
      const { position, key, recordId, outcome, status, findings } = result
      const entry = { position, line: 0, member: '', type: 'stop', key, recordId, operation: 'create' }
      return { items: [{ ...entry, outcome, status, findings, notes: [] }], next: null }
    },
    findings: async () => ({ items: [{ ...FINDING, position: 1, key: null }], next: 'more' }),
    findingSummary: async () => [
      { code: 'DV013', severity: 'error', count: 2, message: 'The date is wrong.', field: 'SDate' },
    ],
    preview: async () => null,
    errorFile: async () => ({
      fileName: 'stöps "errors".csv',
      contentType: 'text/csv; charset=utf-8',
      stream: Readable.from(['a|b\n', '1|2\n']),
    }),
    sessionLog: async () => ({
      fileName: 'log.gz',
      contentType: 'application/gzip',
      stream: Readable.from(['x']),
    }),
    document: async (tracking) => ({
      fileName: 'document',
      contentType: 'application/octet-stream',
      stream: Readable.from([Buffer.from(bodies.get(tracking) ?? [])]),
    }),
    receipt: async () => null,
    acknowledgement: async (tracking) => `e30.${tracking}.sig`,
    proof: async (_tracking, position) => (position === 1 ? { position, path: [] } : null),
    watch: async function* (tracking, signal) {
      const view = must(submissions, tracking)
      yield { ...view, state: 'processing', progress: { records: 5, share: 0.5 } }
      if (view.fileName === 'endless')
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      else yield { ...view, state: 'completed' }
    },
  }
}

function recordPorts({ records }: State, seen: Seen): Ports['records'] {
  return {
    find: async (_exchange, recordId, partners) => {
      const found = records.get(recordId) ?? null
      return found !== null && partners !== null && !partners.includes(found.partner) ? null : found
    },
    search: async (query) => {
      seen.queries.push(query)
      return { items: [], next: query.after === null ? 'page 2&more' : null }
    },
    transfer: async (request) => {
      seen.queries.push(request)
      return { left: 'a', came: 'b', recordId: 'c', key: request.key, others: 0 }
    },
    history: async (_exchange, recordId, partners) => {
      const found = records.get(recordId)
      if (found === undefined || (partners !== null && !partners.includes(found.partner))) return []
      const { version, changeNo, status, submission: by, position, body, updatedAt } = found
      return [
        {
          ...{
            version,
            changeNo,
            operation: 'create',
            status,
            submission: by,
            position,
            at: updatedAt,
            body,
          },
          ...{ partner: found.partner, account: null, channel: 'rest', byCentre: false, reason: null },
        },
      ]
    },
    deletedSince: async (query) => {
      seen.queries.push(query)
      return []
    },
    export: async () => ({
      fileName: 'records.csv',
      contentType: 'text/csv',
      stream: Readable.from(['key\r\n'], { objectMode: false }),
    }),
    document: async (sha256) => {
      throw new Fault('NOT_FOUND', { what: `document ${sha256}` })
    },
  }
}

export const FINDING: Finding = {
  code: 'DV013',
  severity: 'error',
  path: 'stop_date',
  field: 'SDate',
  item: null,
  message: 'The date is wrong.',
  value: '02/30/2024',
}

const NOTHING: Counts = {
  received: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  rejected: 0,
  filtered: 0,
  removed: 0,
  cascaded: 0,
  withErrors: 0,
  translated: 0,
}

function submission(
  tracking: string,
  request: {
    who: { account: string }
    exchange: string
    realm: 'live' | 'test'
    partner: string
    channel: string
  } & {
    readonly fileName: string
    readonly scope?: 'incremental' | 'refresh'
    readonly dryRun?: boolean
    readonly format?: string
  },
  bytes: Uint8Array,
): SubmissionView {
  const { exchange, realm, partner, channel, fileName } = request
  return {
    tracking,
    exchange,
    realm,
    partner,
    account: request.who.account,
    channel,
    state: 'queued',
    reason: null,
    scope: request.scope ?? 'incremental',
    dryRun: request.dryRun ?? false,
    fileName,
    format: request.format ?? null,
    documentSha256: createHash('sha256').update(bytes).digest('hex'),
    documentBytes: bytes.length,
    repeats: null,
    receivedAt: '2024-02-14T12:00:00.000Z',
    startedAt: null,
    closedAt: null,
    counts: NOTHING,
    progress: { records: 0, share: 0 },
    definitionHash: 'a'.repeat(64),
    rules: [],
    corrects: [],
    correctedBy: [],
  }
}

function record(result: OneRecordResult, request: OneRecordRequest): RecordView {
  return {
    recordId: result.recordId ?? '',
    exchange: request.exchange,
    realm: request.realm,
    type: request.type,
    partner: request.partner,
    key: result.key ?? '',
    status: result.status ?? 'submitted',
    statusLabel: '',
    version: result.version ?? 1,
    changeNo: 1,
    definitionVersion: '1',
    body: {},
    findings: result.findings,
    submission: result.tracking,
    position: 1,
    createdAt: '2024-02-14T12:00:00.000Z',
    updatedAt: '2024-02-14T12:00:00.000Z',
  }
}

function must(submissions: ReadonlyMap<string, SubmissionView>, tracking: string): SubmissionView {
  const view = submissions.get(tracking)
  if (view === undefined) throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
  return view
}
