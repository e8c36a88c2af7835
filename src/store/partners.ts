import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

export interface PartnerRow {
  readonly partner: string
  readonly name: string
  readonly centre: boolean
  readonly profile: string | null
  /** Of its office, by its IANA name; null: not told. */
  readonly timeZone: string | null
  /** Its people need a second factor. */
  readonly secondFactor: boolean
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[]
}

const COLUMNS = sql`p.partner, p.name, p.centre, p.profile, p.time_zone as "timeZone", p.second_factor as "secondFactor",
  (select coalesce(jsonb_agg(jsonb_build_object('scheme', scheme, 'value', value) order by scheme, value), '[]')
     from partner_identifier i where i.partner = p.partner) as identifiers`

export async function listPartners(tx: Tx): Promise<PartnerRow[]> {
  return tx.rows<PartnerRow>(sql`select ${COLUMNS} from partner p order by p.partner`)
}

export async function findPartner(tx: Tx, partner: string): Promise<PartnerRow | null> {
  const [row] = await tx.rows<PartnerRow>(sql`select ${COLUMNS} from partner p where p.partner = ${partner}`)
  return row ?? null
}

/** False when the name is in use. */
export async function putPartner(
  tx: Tx,
  partner: { partner: string; name: string; centre: boolean; profile: string | null },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into partner (partner, name, centre, profile)
    values (${partner.partner}, ${partner.name}, ${partner.centre}, ${partner.profile})
        on conflict do nothing returning 1`)
  return rows.length === 1
}

/** What a partner is told by; what is left out stays as it is. */
export interface PartnerChange {
  readonly title?: string
  readonly timeZone?: string | null
  readonly secondFactor?: boolean
}

export async function changePartner(
  tx: Tx,
  partner: string,
  { title, timeZone, secondFactor }: PartnerChange,
): Promise<void> {
  await tx.rows(sql`
    update partner set name = coalesce(${title ?? null}::text, name),
           time_zone = case when ${timeZone !== undefined}::boolean then ${timeZone ?? null}::text else time_zone end,
           second_factor = coalesce(${secondFactor ?? null}::boolean, second_factor)
     where partner = ${partner}`)
}

/** The partner that holds this identifier, or null. */
export async function holderOf(tx: Tx, scheme: string, value: string): Promise<string | null> {
  const [row] = await tx.rows<{ partner: string }>(sql`
    select partner from partner_identifier where scheme = ${scheme} and value = ${value}`)
  return row?.partner ?? null
}

/** False when another partner holds it. */
export async function putIdentifier(
  tx: Tx,
  partner: string,
  scheme: string,
  value: string,
): Promise<boolean> {
  await tx.rows(sql`
    insert into partner_identifier (scheme, value, partner) values (${scheme}, ${value}, ${partner})
        on conflict do nothing`)
  return (await holderOf(tx, scheme, value)) === partner
}

export async function dropIdentifier(tx: Tx, partner: string, scheme: string, value: string): Promise<void> {
  await tx.rows(sql`
    delete from partner_identifier where scheme = ${scheme} and value = ${value} and partner = ${partner}`)
}

/** The organisation that runs the node. */
export async function centrePartner(tx: Tx): Promise<string> {
  const [row] = await tx.rows<{ partner: string }>(
    sql`select partner from partner where centre order by partner limit 1`,
  )
  if (row === undefined) throw new Error('the node has no centre')
  return row.partner
}
