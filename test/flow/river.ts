import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { isDecodeError } from '../../src/decode/decode-error.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { sessionLogLines } from '../../src/feedback/session-log.ts'
import { claimTask, finishTask } from '../../src/job/queue.ts'
import { createJudgeCache, judgeDocument } from '../../src/judge/document.ts'
import { createJudgePool, DocumentRefused, type JudgePool } from '../../src/judge/pool.ts'
import { type ProcessDeps, processSubmission } from '../../src/run/process.ts'
import { createRealtime, type Realtime } from '../../src/run/realtime.ts'
import { type Receipt, receive } from '../../src/run/receive.ts'
import { createRulesInEffect, type RulesInEffect } from '../../src/run/rules-in-effect.ts'
import { bookOfTracking } from '../../src/store/books.ts'
import { findDefinition } from '../../src/store/definitions.ts'
import { createDocumentFolder } from '../../src/store/documents.ts'
import type { StoredLine } from '../../src/store/log-lines.ts'
import type { Submission } from '../../src/store/model.ts'
import { findSubmission } from '../../src/store/submissions.ts'

/** The river without a channel: documents in, submissions closed, everything else to be looked at. */
export interface River {
  readonly deps: ProcessDeps
  readonly realtime: Realtime
  readonly rules: RulesInEffect
  /** Receives a document and processes whatever is queued. */
  send(content: string | Uint8Array, change?: Partial<Receipt>): Promise<Submission>
  receive(content: string | Uint8Array, change?: Partial<Receipt>): Promise<string>
  /** Processes queued submissions until none is left. */
  drain(): Promise<void>
  submission(tracking: string): Promise<Submission>
  log(tracking: string): Promise<StoredLine[]>
  close(): Promise<void>
}

/** Opens a river on a database for these definitions, with partners `alpha` and `beta` (ORI CA0000001, CA0000002). */
export async function openRiver(
  db: Database,
  definitions: readonly Definition[],
  pool: JudgePool = createJudgePool(),
  clock: (() => number) | null = null,
): Promise<River> {
  const folder = await mkdtemp(join(tmpdir(), 'river-'))
  let now = Date.parse('2026-03-02T12:00:00Z')
  await db.transact(async (tx) => {
    for (const [index, partner] of ['alpha', 'beta'].entries()) {
      await tx.rows(
        sql`insert into partner (partner, name) values (${partner}, ${partner}) on conflict do nothing`,
      )
      await tx.rows(sql`
        insert into partner_identifier (scheme, value, partner) values ('ori', ${`CA000000${index + 1}`}, ${partner})
            on conflict do nothing`)
    }
  })
  const byName = new Map(definitions.map((definition) => [definition.exchange, definition]))
  const rules = createRulesInEffect(
    db,
    (text) => createHash('sha256').update(text).digest('hex'),
    () => {},
  )
  const deps: ProcessDeps = {
    db,
    documents: createDocumentFolder(folder),
    definitions: {
      list: () => definitions,
      get(exchange) {
        const definition = byName.get(exchange)
        if (definition === undefined) throw new Error(`no exchange ${exchange}`)
        return definition
      },
      inEffect: (exchange, partner, at) => rules.of(deps.definitions.get(exchange), partner, at),
      async pinned(tx, hash) {
        const definition = await findDefinition(tx, hash)
        if (definition === null) throw new Error(`no definition ${hash}`)
        return definition
      },
    },
    pool,
    now: clock ?? (() => (now += 1000)),
    log: { info() {}, warn() {}, error() {} },
    sign: async (claims) => JSON.stringify(claims),
    waited: (book) => realtime.waited(book),
  }
  const realtime: Realtime = createRealtime(deps)
  const river: River = {
    deps,
    realtime,
    rules,
    async send(content, change) {
      const tracking = await river.receive(content, change)
      await river.drain()
      return river.submission(tracking)
    },
    async receive(content, change) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      const { tracking } = await receive(
        deps,
        { ...plain(definitions), bytes: once(bytes), ...change },
        2 ** 30,
      )
      return tracking
    },
    async drain() {
      for (;;) {
        const task = await db.transact((tx) => claimTask(tx, ['submission'], 30))
        if (task === null) return
        await processSubmission(deps, task)
        await db.transact((tx) => finishTask(tx, task))
      }
    },
    async submission(tracking) {
      const found = await db.transact((tx) => findSubmission(tx, bookOfTracking(tracking) ?? 0, tracking))
      if (found === null) throw new Error(`no submission ${tracking}`)
      return found
    },
    async log(tracking) {
      const lines: StoredLine[] = []
      const source = { db, documents: deps.documents, scope: 'node' } as const
      for await (const line of sessionLogLines(source, bookOfTracking(tracking) ?? 0, tracking))
        lines.push(JSON.parse(line) as StoredLine)
      return lines
    },
    async close() {
      await pool.close()
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return river
}

/** Judges in this process: for tests of something else that would spend their time on starting processes. */
export function judgeHere(): JudgePool {
  const judgeOf = createJudgeCache()
  return {
    async *judge(definition, source, context) {
      try {
        yield* judgeDocument(definition, judgeOf(definition), source, context)
      } catch (error) {
        if (!isDecodeError(error)) throw error
        throw new DocumentRefused(error.code, error.line, error.reason)
      }
    },
    close: async () => {},
  }
}

export function plain(definitions: readonly Definition[]): Omit<Receipt, 'bytes'> {
  return {
    exchange: definitions[0]?.exchange ?? '',
    realm: 'live',
    partner: 'alpha',
    owner: 'alpha',
    account: 'test',
    byCentre: false,
    channel: 'test',
    fileName: '',
    contentType: null,
    idempotencyKey: null,
    scope: 'incremental',
    dryRun: false,
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
