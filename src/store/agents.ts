import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'
import type { Realm } from './model.ts'

/** How an agent says it is. */
export interface AgentHealth {
  readonly ok: boolean
  /** Of the disk that its temporary files are on. */
  readonly freeBytes: number
  readonly sources: readonly { readonly name: string; readonly ok: boolean }[]
  /** Since when it runs. */
  readonly since: string
}

/** What an agent last told of itself. Times are ISO texts in UTC. */
export interface Agent {
  readonly account: string
  readonly login: string
  readonly partner: string
  readonly version: string
  readonly health: AgentHealth
  readonly batches: readonly { readonly exchange: string; readonly realm: Realm }[]
  readonly address: string
  readonly firstSeenAt: string
  readonly seenAt: string
}

/** Writes down what agents told of themselves, by one statement. `seenAt` is milliseconds since 1970. */
export async function putAgents(
  tx: Tx,
  agents: readonly (Omit<Agent, 'firstSeenAt' | 'seenAt'> & { readonly seenAt: number })[],
): Promise<void> {
  const rows = agents.map((agent) => ({ ...agent, seenAt: isoOf(agent.seenAt) }))
  await tx.rows(sql`
    insert into agent (account, login, partner, version, health, batches, address, first_seen_at, seen_at)
    select j.account, j.login, j.partner, j.version, j.health, j.batches, j.address, j."seenAt", j."seenAt"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as j (
             account uuid, login text, partner text, version text, health jsonb, batches jsonb, address text,
             "seenAt" timestamptz)
      join account a on a.account = j.account
        on conflict (account) do update set login = excluded.login, partner = excluded.partner,
           version = excluded.version, health = excluded.health, batches = excluded.batches,
           address = excluded.address, seen_at = excluded.seen_at
     where agent.seen_at <= excluded.seen_at`)
}

/** Agents of a partner, or of all, in order of partner. */
export async function listAgents(tx: Tx, partners: readonly string[] | null): Promise<Agent[]> {
  return tx.rows<Agent>(sql`
    select account, login, partner, version, health, batches, address, ${isoTime('first_seen_at')} as "firstSeenAt",
           ${isoTime('seen_at')} as "seenAt"
      from agent where ${partners}::text[] is null or partner = any (${partners}::text[])
     order by partner, login`)
}

/**
 * When jobs were last looked after, before now; null at the first time. Now becomes that time.
 * @param at milliseconds since 1970
 */
export async function tickClock(tx: Tx, at: number): Promise<number | null> {
  const [row] = await tx.rows<{ before: string | null }>(sql`
    with old as (select ticked_at from job_clock for update)
    update job_clock set ticked_at = greatest(job_clock.ticked_at, ${isoOf(at)}::timestamptz) from old
    returning ${isoTime('old.ticked_at')} as before`)
  return row === undefined || row.before === null ? null : Date.parse(row.before)
}
