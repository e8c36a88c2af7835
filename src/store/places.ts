import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { Fault } from '../fault/fault.ts'
import { findPartner } from './partners.ts'
import {
  addressOf,
  type GivenSettings,
  type PlaceSettings,
  placesOverlap,
  readPlaceSettings,
  type ShownSettings,
  shownSettings,
} from './place-settings.ts'

/** Where a partner's files lie when not in its own tree of the file server; as shown. Times are ISO texts. */
export interface Place {
  readonly place: string
  readonly partner: string
  readonly settings: ShownSettings
  readonly active: boolean
  /** Why it could not be looked at, the last time. */
  readonly lastError: string | null
  /** When it was last looked at with success. */
  readonly seenAt: string | null
}

/** A place with what is needed to open it. */
export interface OpenPlace {
  readonly place: string
  readonly partner: string
  readonly settings: PlaceSettings
}

interface Row extends Omit<Place, 'settings'> {
  readonly settings: PlaceSettings
}

const COLUMNS = sql`place, partner, settings, active, last_error as "lastError",
  to_char(seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "seenAt"`

/**
 * Makes a place or changes it; a secret that is not given stays as it was.
 * Throws faults BAD_REQUEST (a wrong name or setting), NOT_FOUND (partner), CONFLICT (another partner's place, or one
 * that holds the same files).
 */
export async function putPlace(
  tx: Tx,
  { place, partner, settings: given }: { place: string; partner: string; settings: GivenSettings },
): Promise<Place> {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(place))
    throw new Fault('BAD_REQUEST', { reason: 'The name of a place is up to 40 of a-z, 0-9 and -.' })
  if ((await findPartner(tx, partner)) === null)
    throw new Fault('NOT_FOUND', { what: `partner '${partner}'` })
  const all = await rowsOf(tx)
  const before = all.find((row) => row.place === place)
  if (before !== undefined && before.partner !== partner)
    throw new Fault('CONFLICT', { reason: `The place '${place}' is another partner's.` })
  const settings = readPlaceSettings(given, secretOf(before, given))
  const other = all.find((row) => row.place !== place && placesOverlap(row.settings, settings))
  if (other !== undefined)
    throw new Fault('CONFLICT', { reason: `The place '${other.place}' holds the same files.` })
  const [row] = await tx.rows<Row>(sql`
    insert into place (place, partner, kind, settings)
    values (${place}, ${partner}, ${settings.kind}, ${JSON.stringify(settings)}::jsonb)
        on conflict (place) do update set kind = excluded.kind, settings = excluded.settings, last_error = null
    returning ${COLUMNS}`)
  if (row === undefined) throw new Error('the place was not stored')
  return shown(row)
}

/** A secret goes on to the same server only: whoever may change an address does not learn the secret by it. */
function secretOf(before: Row | undefined, given: GivenSettings): string | null {
  if (before?.settings.kind !== 's3' || given.kind !== 's3') return null
  const sameServer = addressOf(given.endpoint)?.host === new URL(before.settings.endpoint).host
  return sameServer && given.accessKeyId === before.settings.accessKeyId
    ? before.settings.secretAccessKey
    : null
}

/** A partner's places, or all (null). */
export async function listPlaces(tx: Tx, partner: string | null): Promise<Place[]> {
  return (await rowsOf(tx)).filter((row) => partner === null || row.partner === partner).map(shown)
}

/** The places in use, with their secrets: for the node's own work. */
export async function openPlaces(tx: Tx): Promise<OpenPlace[]> {
  const rows = (await rowsOf(tx)).filter((row) => row.active)
  return rows.map(({ place, partner, settings }) => ({ place, partner, settings }))
}

/** The places in use, and those put out of use of which files are still in work: these take no new ones. */
export async function workingPlaces(tx: Tx): Promise<(OpenPlace & { readonly active: boolean })[]> {
  const busy = await tx.rows<{ place: string }>(sql`
    select distinct place from intake where state <> 'done' and place <> ''`)
  const names = new Set(busy.map(({ place }) => place))
  const rows = (await rowsOf(tx)).filter((row) => row.active || names.has(row.place))
  return rows.map(({ place, partner, settings, active }) => ({ place, partner, settings, active }))
}

/** Puts a place in or out of use; false when there is none of this name. */
export async function setPlaceActive(tx: Tx, place: string, active: boolean): Promise<boolean> {
  const rows = await tx.rows(sql`update place set active = ${active} where place = ${place} returning 1`)
  return rows.length === 1
}

/** Removes a place, not its files. False when there is none. Throws fault CONFLICT while files of it are in work. */
export async function dropPlace(tx: Tx, place: string): Promise<boolean> {
  const [busy] = await tx.rows(sql`select 1 from intake where place = ${place} and state <> 'done' limit 1`)
  if (busy !== undefined)
    throw new Fault('CONFLICT', {
      reason: `Files of '${place}' are being processed; stop it and remove it when they are done.`,
    })
  const rows = await tx.rows(sql`delete from place where place = ${place} returning 1`)
  return rows.length === 1
}

/**
 * A place was looked at, or could not be.
 * @param now milliseconds since 1970
 */
export async function notePlaceSeen(tx: Tx, place: string, error: string | null, now: number): Promise<void> {
  const at = error === null ? new Date(now).toISOString() : null
  await tx.rows(sql`
    update place set last_error = ${error === null ? null : error.slice(0, 500)},
           seen_at = coalesce(${at}::timestamptz, seen_at) where place = ${place}`)
}

async function rowsOf(tx: Tx): Promise<Row[]> {
  return tx.rows<Row>(sql`select ${COLUMNS} from place order by place`)
}

function shown({ settings, ...row }: Row): Place {
  return { ...row, settings: shownSettings(settings) }
}
