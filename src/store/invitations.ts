import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'

/** Where an invitation stands. */
export type InvitationState = 'open' | 'accepted' | 'expired' | 'withdrawn'

/** An invitation as it is listed; never with its secret. Times are ISO. */
export interface InvitationRow {
  readonly invitation: string
  readonly login: string
  readonly partner: string
  readonly address: string
  readonly realms: readonly ('live' | 'test')[]
  readonly grants: readonly { readonly exchange: string; readonly grants: readonly string[] }[]
  /** Name of the account that invited. */
  readonly invitedBy: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly acceptedAt: string | null
  readonly withdrawnAt: string | null
  readonly mail: string | null
}

const COLUMNS = sql`i.invitation, i.login, i.partner, i.address, i.realms, i.grants, a.login as "invitedBy",
  ${isoTime('i.created_at')} as "createdAt", ${isoTime('i.expires_at')} as "expiresAt",
  ${isoTime('i.accepted_at')} as "acceptedAt", ${isoTime('i.withdrawn_at')} as "withdrawnAt", i.mail`

export interface NewInvitation {
  readonly invitation: string
  readonly secretHash: string
  readonly login: string
  readonly partner: string
  readonly address: string
  readonly realms: readonly string[]
  readonly grants: InvitationRow['grants']
  readonly invitedBy: string
  readonly mail: string | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly expiresAt: number
}

/** False when an open invitation has the login. */
export async function putInvitation(tx: Tx, row: NewInvitation): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into invitation (invitation, secret_hash, login, partner, address, realms, grants, invited_by,
                            created_at, expires_at, mail)
    values (${row.invitation}::uuid, ${row.secretHash}, ${row.login.toLowerCase()}, ${row.partner}, ${row.address},
            ${row.realms}::text[], ${JSON.stringify(row.grants)}::jsonb, ${row.invitedBy}::uuid,
            ${isoOf(row.createdAt)}::timestamptz, ${isoOf(row.expiresAt)}::timestamptz, ${row.mail})
        on conflict do nothing returning 1`)
  return rows.length === 1
}

/** The newest first; `before` is the last one of the page before. */
export async function listInvitations(
  tx: Tx,
  wanted: { partner: string | null; before: { at: string; invitation: string } | null; limit: number },
): Promise<InvitationRow[]> {
  const { partner, before, limit } = wanted
  return tx.rows<InvitationRow>(sql`
    select ${COLUMNS} from invitation i join account a on a.account = i.invited_by
     where (${partner}::text is null or i.partner = ${partner}::text)
       and (${before?.at ?? null}::timestamptz is null
            or (date_trunc('milliseconds', i.created_at), i.invitation)
               < (${before?.at ?? null}::timestamptz, ${before?.invitation ?? null}::uuid))
     order by date_trunc('milliseconds', i.created_at) desc, i.invitation desc limit ${limit}`)
}

export async function findInvitation(tx: Tx, invitation: string): Promise<InvitationRow | null> {
  const [row] = await tx.rows<InvitationRow>(sql`
    select ${COLUMNS} from invitation i join account a on a.account = i.invited_by
     where i.invitation = ${invitation}::uuid for update of i`)
  return row ?? null
}

export async function findInvitationBySecret(tx: Tx, secretHash: string): Promise<InvitationRow | null> {
  const [row] = await tx.rows<InvitationRow>(sql`
    select ${COLUMNS} from invitation i join account a on a.account = i.invited_by
     where i.secret_hash = ${secretHash} for update of i`)
  return row ?? null
}

/** A new link in place of the old one, which is good no more. */
export async function renewInvitation(
  tx: Tx,
  invitation: string,
  { secretHash, expiresAt, mail }: { secretHash: string; expiresAt: number; mail: string | null },
): Promise<void> {
  await tx.rows(sql`
    update invitation set secret_hash = ${secretHash}, expires_at = ${isoOf(expiresAt)}::timestamptz, mail = ${mail}
     where invitation = ${invitation}::uuid`)
}

export async function settleInvitation(
  tx: Tx,
  invitation: string,
  how: 'accepted' | 'withdrawn',
  at: number,
): Promise<void> {
  const time = isoOf(at)
  await tx.rows(sql`
    update invitation set
      accepted_at = case when ${how === 'accepted'}::boolean then ${time}::timestamptz end,
      withdrawn_at = case when ${how === 'withdrawn'}::boolean then ${time}::timestamptz end
     where invitation = ${invitation}::uuid`)
}
