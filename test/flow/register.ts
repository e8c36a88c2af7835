import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { RawTree } from '../../src/exchange/parcel.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { type OneRequest, type OneResult, submitOne } from '../../src/run/one-record.ts'
import type { Receipt } from '../../src/run/receive.ts'
import type { Submission } from '../../src/store/model.ts'
import { expectBalance } from './balance.ts'
import type { River } from './river.ts'

/** A record of the exchanges `register`, `ballots` and `elections`, by wire names; `type` says which. */
export type TiedRecord = RawTree & { readonly type: string }

export function loadRegister(): Promise<Definition[]> {
  const folder = (name: string) => new URL(`../fixtures/ties/${name}`, import.meta.url).pathname
  return Promise.all(['register', 'ballots', 'elections'].map((name) => loadExchange(folder(name))))
}

export const precinct = (code: string, more: RawTree = {}) => ({ type: 'precinct', code, ...more })
export const voter = (number: string, more: RawTree = {}) => ({
  type: 'voter',
  number,
  name: `N${number}`,
  ...more,
})
export const vote = (of: string, election: string, more: RawTree = {}) => ({
  type: 'vote',
  voter: of,
  election,
  ...more,
})
export const ballot = (number: string, election: string, more: RawTree = {}) => ({
  type: 'ballot',
  number,
  election,
  ...more,
})
export const election = (code: string, more: RawTree = {}) => ({ type: 'election', code, ...more })

const EXCHANGE_OF: Readonly<Record<string, string>> = { ballot: 'ballots', election: 'elections' }

/** Records as one file of newline-delimited JSON. */
export function tiedFile(records: readonly TiedRecord[]): string {
  return records
    .map(({ type, ...record }) => {
      const typed = EXCHANGE_OF[type] === undefined ? { record_type: type, ...record } : record
      return `${JSON.stringify(typed)}\n`
    })
    .join('')
}

/** Sends records of one exchange, and holds the books of what comes of it against each other. */
export async function sendTied(
  river: River,
  definitions: readonly Definition[],
  partner: string,
  records: readonly TiedRecord[],
  change: Partial<Receipt> = {},
): Promise<Submission> {
  const exchange = change.exchange ?? EXCHANGE_OF[records[0]?.type ?? ''] ?? 'register'
  const done = await river.send(tiedFile(records), {
    exchange,
    partner,
    owner: exchange === 'elections' ? 'office' : partner,
    fileName: 'records.ndjson',
    ...change,
  })
  const definition = definitions.find((one) => one.exchange === exchange)
  if (definition !== undefined && done.state !== 'held') await expectBalance(river, definition, done)
  return done
}

/** One record in a call of its own. */
export function callTied(
  river: River,
  partner: string,
  { type, ...record }: TiedRecord,
  change: Partial<OneRequest> = {},
): Promise<OneResult> {
  return submitOne(
    { ...river.deps, realtime: river.realtime },
    {
      who: {
        account: 'caller',
        name: 'caller',
        partner,
        centre: false,
        kind: 'machine',
        realms: ['live'],
        grants: [],
      },
      exchange: EXCHANGE_OF[type] ?? 'register',
      realm: 'live',
      partner,
      channel: 'test',
      type,
      operation: 'upsert',
      recordId: null,
      expectedVersion: null,
      idempotencyKey: null,
      bytes: Buffer.from(JSON.stringify(record)),
      format: 'json',
      names: 'wire',
      ...change,
    },
  )
}

/** A live record with the findings of its version. */
export interface Standing {
  readonly type: string
  readonly key: string
  readonly status: string
  readonly version: number
  readonly codes: readonly string[]
}

/** Live records of an owner by `<type> <key>`, parts of a key joined by `/`. */
export async function standing(river: River, owner: string): Promise<Readonly<Record<string, Standing>>> {
  const rows = await river.deps.db.transact((tx) =>
    tx.rows<Standing>(sql`
      select r.type, replace(r.key, chr(31), '/') as key, r.status, r.version,
             array(select f.code from finding f where f.book = r.book and f.tracking = r.submission
                      and f.position = r.position order by f.number) as codes
        from record r join book b using (book) where b.owner = ${owner} order by r.type, r.key`),
  )
  return Object.fromEntries(rows.map((row) => [`${row.type} ${row.key}`, row]))
}

/** A partner without records. */
export async function newPartner(river: River, name: string): Promise<string> {
  await river.deps.db.transact((tx) =>
    tx.rows(sql`insert into partner (partner, name) values (${name}, ${name}) on conflict do nothing`),
  )
  return name
}

/** The centre, which owns the elections. */
export async function openOffice(river: River): Promise<void> {
  await river.deps.db.transact((tx) =>
    tx.rows(sql`
      insert into partner (partner, name, centre) values ('office', 'Office', true) on conflict do nothing`),
  )
}
