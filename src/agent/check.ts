import { access, constants, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Definition } from '../exchange/definition.ts'
import { openSource } from '../source/open.ts'
import type { Row, Source } from '../source/source.ts'
import { failureOf } from './agent-failure.ts'
import { planColumns } from './column-plan.ts'
import type { AgentConfig, BatchConfig, SourceConfig, ViewConfig } from './config.ts'
import { createEdgeCheck, type EdgeTally } from './edge-check.ts'
import { isNodeError } from './node-error.ts'
import type { NodeCalls } from './protocol.ts'
import { selectView } from './selection.ts'
import { recordMaker } from './wire-record.ts'

/** One thing that was tried. */
export interface Tried {
  readonly what: string
  /** `odd`: it works, but look at it. */
  readonly result: 'good' | 'odd' | 'wrong'
  readonly lines: readonly string[]
}

/**
 * Tries everything that a job needs, up to the check of some records, and writes nothing anywhere but a test file in
 * the state folder. Each thing is told as it was tried.
 * @param rowsMax rows of each view that are checked
 */
export async function* checkAgent(
  config: AgentConfig,
  calls: NodeCalls,
  rowsMax: number,
): AsyncGenerator<Tried> {
  yield await tried(`State folder ${config.state}`, () => tryFolder(config.state))
  let partner = '*'
  const signIn = await tried(`Node ${config.node.url}`, async () => {
    const me = await calls.me()
    partner = me.partner
    return [`signed in as ${me.name} of ${me.partner}`]
  })
  yield signIn
  for (const source of config.sources.values())
    yield await tried(`Source ${source.name} (${source.spec.driver})`, async () => {
      const session = await openSource(source.spec, source.limits)
      await session.close()
      return []
    })
  for (const batch of config.batches) {
    const source = config.sources.get(batch.source)
    if (source === undefined || signIn.result === 'wrong') continue
    yield* checkBatch(batch, source, calls, partner, rowsMax)
  }
}

async function tried(what: string, act: () => Promise<readonly string[]>): Promise<Tried> {
  try {
    return { what, result: 'good', lines: await act() }
  } catch (error) {
    const message = isNodeError(error) ? error.message : failureOf(error).message
    return { what, result: 'wrong', lines: [message] }
  }
}

async function tryFolder(state: string): Promise<readonly string[]> {
  await mkdir(state, { recursive: true, mode: 0o700 })
  await access(state, constants.W_OK)
  const path = join(state, 'check.tmp')
  await writeFile(path, 'x', { mode: 0o600 })
  await rm(path)
  return []
}

async function* checkBatch(
  batch: BatchConfig,
  source: SourceConfig,
  calls: NodeCalls,
  partner: string,
  rowsMax: number,
): AsyncGenerator<Tried> {
  const name = `Exchange ${batch.exchange} (${batch.realm})`
  let definition: Definition
  try {
    definition = await calls.definition(batch.exchange)
  } catch (error) {
    yield { what: name, result: 'wrong', lines: [error instanceof Error ? error.message : ''] }
    return
  }
  let session: Source
  try {
    session = await openSource(source.spec, source.limits)
  } catch {
    // Told where sources are tried.
    return
  }
  try {
    for (const view of batch.views) {
      const what = `${name}: view ${view.view}`
      yield await checkView(what, view, { session, source, definition, partner, rowsMax }).catch(
        (error: unknown) => ({
          what,
          result: 'wrong' as const,
          lines: [failureOf(error).message],
        }),
      )
    }
  } finally {
    await session.close()
  }
}

interface Checking {
  readonly session: Source
  readonly source: SourceConfig
  readonly definition: Definition
  readonly partner: string
  readonly rowsMax: number
}

async function checkView(what: string, view: ViewConfig, checking: Checking): Promise<Tried> {
  const { session, source, definition, partner, rowsMax } = checking
  const found = await session.columns(view.view)
  const { plan, problems, warnings } = planColumns(definition, view, found)
  if (plan === null) return { what, result: 'wrong', lines: problems }
  if (view.changes?.by === 'tracking') await session.columns(view.changes.table)
  const maker = recordMaker(definition, plan)
  const signal = new AbortController().signal
  const selected = await selectView({
    source: session,
    config: source,
    view,
    plan,
    found,
    since: null,
    signal,
  })
  const edge = createEdgeCheck(definition, partner, new Date())
  for (const row of await firstRows(selected.rows(), rowsMax)) {
    const tree = maker.record(row)
    edge.look(plan.type.name, [{ tree, text: JSON.stringify(tree) }])
  }
  const tally = edge.tally()
  return {
    what,
    result: warnings.length > 0 || tally.withErrors > 0 || tally.records === 0 ? 'odd' : 'good',
    lines: [`${found.length} columns, ${plan.columns.length} used`, ...warnings, ...tallyLines(tally)],
  }
}

async function firstRows(batches: AsyncIterable<readonly Row[]>, max: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  if (max === 0) return rows
  for await (const batch of batches) {
    rows.push(...batch.slice(0, max - rows.length))
    if (rows.length >= max) break
  }
  return rows
}

function tallyLines({ records, withErrors, filtered, codes }: EdgeTally): readonly string[] {
  if (records === 0) return ['the view has no rows']
  const head = `of the first ${records} records ${withErrors} have errors, ${filtered} would be filtered`
  return [head, ...codes.slice(0, 10).map(({ code, field, count }) => `${count} × ${code} ${field}`)]
}
