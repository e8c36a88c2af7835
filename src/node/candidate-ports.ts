import type { Ports } from '../channel/rest/ports.ts'
import type { CandidateView, ShadowRequest } from '../channel/rest/ports-candidates.ts'
import { wrongAcross } from '../exchange/check-references.ts'
import { compareDefinitions } from '../exchange/compare.ts'
import type { Definition } from '../exchange/definition.ts'
import { overlay } from '../exchange/overlay.ts'
import type { Problem } from '../exchange/problem.ts'
import { Fault } from '../fault/fault.ts'
import type { Who } from '../identity/who.ts'
import { emptyShadow, type ShadowReport, shadowResult } from '../match/shadow.ts'
import type { RunDeps } from '../run/deps.ts'
import { setsAt } from '../run/rules-in-effect.ts'
import { runShadow } from '../run/shadow.ts'
import {
  activateCandidate,
  type Candidate,
  candidateFiles,
  deactivateCandidate,
  findCandidate,
  listCandidates,
  pastDocuments,
  putCandidate,
  putShadow,
  withdrawCandidate,
} from '../store/candidates.ts'
import { currentCodeTables } from '../store/code-tables.ts'
import { isoOf } from '../store/iso-time.ts'
import { standingRuleSets } from '../store/rule-sets.ts'
import { findSubmissions } from '../store/submissions.ts'
import { readCandidateArchive } from './candidate-archive.ts'
import { importedCodes, type LiveDefinitions, partsOf } from './definitions.ts'
import { checkExchangeFiles, sha256 } from './exchange-folder.ts'
import { placeAfter, readPlace } from './paging.ts'

type CandidateDeps = RunDeps & { readonly definitions: LiveDefinitions }

/** A clock of another machine that is so far behind means now. */
const clockMs = 60_000

/** New versions of definitions: taken in, checked, compared, tried in shadow, activated. */
export function createCandidatePorts(deps: CandidateDeps): Ports['candidates'] {
  const { db, definitions, now } = deps
  return {
    async list(exchange) {
      const all = await db.transact((tx) => listCandidates(tx, exchange))
      return all.map((one) => viewOf(one, all, now()))
    },
    find: (exchange, id) => view(deps, exchange, id),
    async upload(who, exchange, fileName, bytes) {
      const files = await readCandidateArchive(bytes)
      const { definition, problems } = await checked(deps, exchange, files)
      const id = await db.transact((tx) =>
        putCandidate(tx, {
          exchange,
          fileName,
          files,
          hash: definition?.hash ?? '',
          problems,
          uploadedBy: who.name,
          uploadedAt: isoOf(now()),
        }),
      )
      return view(deps, exchange, id)
    },
    async differences(exchange, id, { limit, after }) {
      const definition = await definitionOf(deps, exchange, id)
      const start = readPlace(after, { index: 'number' })?.index ?? 0
      const all = definition === null ? [] : compareDefinitions(definitions.get(exchange), definition)
      const end = start + limit
      return { items: all.slice(start, end), next: end < all.length ? placeAfter({ index: end }) : null }
    },
    shadow: (who, exchange, id, request) => beginShadow(deps, who, exchange, id, request),
    activate: (who, exchange, id, activation) => activate(deps, who, exchange, id, activation),
    async withdraw(who, exchange, id, reason) {
      await view(deps, exchange, id)
      const withdrawal = { at: isoOf(now()), by: who.name, reason }
      const done = await db.transact((tx) => withdrawCandidate(tx, id, withdrawal))
      if (!done) throw new Fault('NOT_ALLOWED_NOW', { reason: `Version ${id} is not to be in force.` })
      await definitions.reload()
      return view(deps, exchange, id)
    },
  }
}

async function view({ db, now }: CandidateDeps, exchange: string, id: number): Promise<CandidateView> {
  const all = await db.transact((tx) => listCandidates(tx, exchange))
  const found =
    all.find((one) => one.id === id) ?? (await db.transact((tx) => findCandidate(tx, exchange, id)))
  if (found === null) throw new Fault('NOT_FOUND', { what: `version ${id} of ${exchange}` })
  return viewOf(found, all, now())
}

function viewOf(candidate: Candidate, all: readonly Candidate[], at: number): CandidateView {
  const { id, shadow, ...shown } = candidate
  return {
    ...shown,
    candidate: id,
    shadow: shadow as ShadowReport | null,
    state: stateOf(candidate, all, at),
  }
}

function stateOf(candidate: Candidate, all: readonly Candidate[], at: number): CandidateView['state'] {
  const { problems, withdrawnAt, activateAt } = candidate
  if (withdrawnAt !== null) return 'withdrawn'
  if (activateAt === null) return problems.length > 0 ? 'wrong' : 'checked'
  if (Date.parse(activateAt) > at) return 'coming'
  const later = (one: Candidate) =>
    one.activateAt !== null &&
    one.withdrawnAt === null &&
    Date.parse(one.activateAt) <= at &&
    (one.activateAt > activateAt || (one.activateAt === activateAt && one.id > candidate.id))
  return all.some(later) ? 'past' : 'in-force'
}

interface Checked {
  /** Null where the files make none. */
  readonly definition: Definition | null
  readonly problems: readonly Problem[]
}

/** The definition with everything that would keep it from taking the present one's place. */
async function checked(
  { db, definitions, now }: CandidateDeps,
  exchange: string,
  files: Readonly<Record<string, string>>,
): Promise<Checked> {
  const present = definitions.get(exchange)
  const parts = partsOf(files)
  const first = await checkExchangeFiles(parts.definition, parts.mails)
  if (first.definition === null) return first
  if (first.definition.exchange !== exchange)
    return {
      definition: null,
      problems: [
        problem('exchange.yaml', 'NAME', `This is ${first.definition.exchange}.`, `Name it ${exchange}.`),
      ],
    }
  const { tables, sets } = await db.transact(async (tx) => ({
    tables: await currentCodeTables(tx, exchange),
    sets: await standingRuleSets(tx),
  }))
  const bare = first.definition
  const imported = tried(() => importedCodes(bare, tables))
  if (typeof imported === 'string')
    return {
      definition: null,
      problems: [problem('exchange.yaml', 'CODES', imported, 'Keep the columns, or import the list anew.')],
    }
  const { definition, problems } = await checkExchangeFiles(parts.definition, parts.mails, imported)
  if (definition === null) return { definition, problems }
  const others = definitions.list().filter((one) => one.exchange !== present.exchange)
  const across = wrongAcross([...others, definition]).map((text) =>
    problem('exchange.yaml', 'REFERENCE', text, 'Put the reference right.'),
  )
  const timed = sets.map((set) => ({ ...set, from: Date.parse(set.effectiveAt) }))
  const own = timed.filter((set) => set.exchange === exchange)
  const times = [now(), ...own.map(({ from }) => from).filter((from) => from > now())]
  const laid = [...new Set(own.map(({ partner }) => partner))].flatMap((partner) =>
    times.flatMap((at) => overlay(definition, setsAt(timed, exchange, partner, at), sha256).problems),
  )
  return { definition, problems: [...across, ...laid] }
}

function problem(file: string, code: Problem['code'], message: string, fix: string): Problem {
  return { file, line: 1, column: 1, code, message, fix }
}

/** The value, or what is wrong in words. */
function tried<T>(make: () => T): T | string {
  try {
    return make()
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

/** Null where there are problems that let no definition be made. */
async function definitionOf(deps: CandidateDeps, exchange: string, id: number): Promise<Definition | null> {
  await view(deps, exchange, id)
  const files = await deps.db.transact((tx) => candidateFiles(tx, id))
  return (await checked(deps, exchange, files)).definition
}

async function activate(
  deps: CandidateDeps,
  who: Who,
  exchange: string,
  id: number,
  { at, reason }: { readonly at: string | null; readonly reason: string },
): Promise<CandidateView> {
  const { db, definitions, now } = deps
  await view(deps, exchange, id)
  const from = at === null ? now() : Date.parse(at)
  if (Number.isNaN(from) || from < now() - clockMs)
    throw new Fault('BAD_REQUEST', { reason: 'A version takes effect now or later.' })
  const files = await db.transact((tx) => candidateFiles(tx, id))
  const { problems } = await checked(deps, exchange, files)
  const [first] = problems
  if (first !== undefined)
    throw new Fault('BAD_REQUEST', {
      reason: `It does not fit: ${first.file}:${first.line}: ${first.message}${problems.length > 1 ? ` And ${problems.length - 1} more.` : ''}`,
    })
  const activation = { at: isoOf(from), by: who.name, reason }
  const done = await db.transact((tx) => activateCandidate(tx, id, activation))
  if (!done)
    throw new Fault('NOT_ALLOWED_NOW', { reason: `Version ${id} was activated before; upload it once more.` })
  if (from <= now())
    await definitions.reload().catch(async (error: unknown) => {
      await db.transact((tx) => deactivateCandidate(tx, id))
      throw error
    })
  return view(deps, exchange, id)
}

async function beginShadow(
  deps: CandidateDeps,
  who: Who,
  exchange: string,
  id: number,
  { realm, last, from, until }: ShadowRequest,
): Promise<CandidateView> {
  const { db, definitions, now, log } = deps
  const before = await view(deps, exchange, id)
  if (before.shadow?.state === 'running')
    throw new Fault('NOT_ALLOWED_NOW', { reason: 'A run in shadow is under way; wait for its end.' })
  const definition = await definitionOf(deps, exchange, id)
  if (definition === null)
    throw new Fault('NOT_ALLOWED_NOW', { reason: `Version ${id} has problems; put them right first.` })
  const keys = await db.transact((tx) => pastDocuments(tx, { exchange, realm, last, from, until }))
  const submissions = await db.transact((tx) => findSubmissions(tx, keys))
  const started: ShadowReport = {
    state: 'running',
    realm,
    wanted: submissions.length,
    askedBy: who.name,
    askedAt: isoOf(now()),
    endedAt: null,
    failure: null,
    againstHash: definitions.get(exchange).hash,
    result: shadowResult(emptyShadow(), 0),
  }
  let report = started
  const keep = (next: Partial<ShadowReport>) => {
    report = { ...report, ...next }
    return db.transact((tx) => putShadow(tx, id, report))
  }
  await keep({})
  const sets = (await db.transact((tx) => standingRuleSets(tx))).map((set) => ({
    ...set,
    from: Date.parse(set.effectiveAt),
  }))
  const sidesOf = async (partner: string) => {
    const after = overlay(definition, setsAt(sets, exchange, partner, now()), sha256).definition
    return { before: await definitions.inEffect(exchange, partner, now()), after: after ?? definition }
  }
  const running = runShadow(deps, submissions, sidesOf, (result) => keep({ result })).then(
    (result) => keep({ state: 'done', endedAt: isoOf(now()), result }),
    async (error: unknown) => {
      log.error({ err: error, exchange, candidate: id }, 'candidate.shadow-failed')
      const failure = error instanceof Fault ? error.message : 'It broke off; the log of the node says why.'
      await keep({ state: 'failed', endedAt: isoOf(now()), failure })
    },
  )
  // A node that ends meanwhile ends this too; at its next start the run is told as broken off.
  running.catch(() => undefined)
  return view(deps, exchange, id)
}
