import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

export interface PartnerRow {
  readonly partner: string
  readonly name: string
  readonly centre: boolean
  readonly profile: string | null
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[]
}

const COLUMNS = sql`p.partner, p.name, p.centre, p.profile,
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
