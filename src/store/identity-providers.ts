import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'

/** A provider of single sign-on, with its secret: for the node's own work. */
export interface ProviderRow {
  readonly provider: string
  readonly title: string
  readonly issuer: string
  readonly clientId: string
  /** Null: a client without one. */
  readonly clientSecret: string | null
  readonly scopes: readonly string[]
  /** What of a person says who they are, until their first sign-in. */
  readonly claim: string
  /** Whose people it serves; null: everybody's. */
  readonly partner: string | null
  /** It asks for a second factor itself. */
  readonly provesSecondFactor: boolean
}

/** How an account signs in by a provider. Times are ISO. */
export interface ProviderLink {
  readonly provider: string
  readonly title: string
  /** What the provider says of the person; null: the account does not sign in by it. */
  readonly person: string | null
  /** The person has signed in by it: now the provider's own name of them counts alone. */
  readonly bound: boolean
  readonly usedAt: string | null
}

const COLUMNS = sql`provider, title, issuer, client_id as "clientId", client_secret as "clientSecret", scopes, claim,
  partner, proves_second_factor as "provesSecondFactor"`

export async function listProviders(tx: Tx): Promise<ProviderRow[]> {
  return tx.rows<ProviderRow>(sql`select ${COLUMNS} from identity_provider order by title, provider`)
}

export async function findProvider(tx: Tx, provider: string): Promise<ProviderRow | null> {
  const [row] = await tx.rows<ProviderRow>(sql`
    select ${COLUMNS} from identity_provider where provider = ${provider}`)
  return row ?? null
}

/** False when the name is in use. */
export async function putProvider(tx: Tx, row: ProviderRow): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into identity_provider
      (provider, title, issuer, client_id, client_secret, scopes, claim, partner, proves_second_factor)
    values (${row.provider}, ${row.title}, ${row.issuer}, ${row.clientId}, ${row.clientSecret},
            ${row.scopes}::text[], ${row.claim}, ${row.partner}, ${row.provesSecondFactor})
        on conflict do nothing returning 1`)
  return rows.length === 1
}

export async function changeProvider(tx: Tx, row: ProviderRow): Promise<void> {
  await tx.rows(sql`
    update identity_provider set title = ${row.title}, issuer = ${row.issuer}, client_id = ${row.clientId},
           client_secret = ${row.clientSecret}, scopes = ${row.scopes}::text[], claim = ${row.claim},
           partner = ${row.partner}, proves_second_factor = ${row.provesSecondFactor}
     where provider = ${row.provider}`)
}

/** Another issuer's names of people are other names: each is bound anew at the next sign-in. */
export async function unbindPeople(tx: Tx, provider: string): Promise<void> {
  await tx.rows(sql`update provider_account set subject = null where provider = ${provider}`)
}

/** With who signs in by it. False when there is none. */
export async function dropProvider(tx: Tx, provider: string): Promise<boolean> {
  const rows = await tx.rows(sql`delete from identity_provider where provider = ${provider} returning 1`)
  return rows.length === 1
}

/** The providers that serve an account's partner, and how it signs in by each. */
export async function listLinks(tx: Tx, account: string, partner: string): Promise<ProviderLink[]> {
  return tx.rows<ProviderLink>(sql`
    select p.provider, p.title, l.person, l.subject is not null as bound, ${isoTime('l.used_at')} as "usedAt"
      from identity_provider p left join provider_account l on l.provider = p.provider and l.account = ${account}::uuid
     where p.partner is null or p.partner = ${partner} or l.account is not null order by p.title, p.provider`)
}

/** False when the provider's person signs in to another account. A new person is bound anew. */
export async function putLink(
  tx: Tx,
  { provider, account, person }: { provider: string; account: string; person: string },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into provider_account (provider, account, person)
    select ${provider}, ${account}::uuid, ${person}
     where not exists (select 1 from provider_account
                        where provider = ${provider} and person = ${person} and account <> ${account}::uuid)
        on conflict (provider, account) do update set person = excluded.person,
           subject = case when provider_account.person = excluded.person then provider_account.subject end,
           used_at = case when provider_account.person = excluded.person then provider_account.used_at end
    returning 1`)
  return rows.length === 1
}

/** False when there was none. */
export async function dropLink(tx: Tx, provider: string, account: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    delete from provider_account where provider = ${provider} and account = ${account}::uuid returning 1`)
  return rows.length === 1
}

/** The account to which the provider's lasting name of a person leads, or null. */
export async function accountOfSubject(
  tx: Tx,
  provider: string,
  subject: string,
  at: number,
): Promise<string | null> {
  const [row] = await tx.rows<{ account: string }>(sql`
    update provider_account set used_at = ${isoOf(at)}::timestamptz
     where provider = ${provider} and subject = ${subject} returning account`)
  return row?.account ?? null
}

/** The first sign-in of a person: from now on the lasting name counts alone. Null when nobody waits for this person. */
export async function bindPerson(
  tx: Tx,
  { provider, person, subject, at }: { provider: string; person: string; subject: string; at: number },
): Promise<string | null> {
  const [row] = await tx.rows<{ account: string }>(sql`
    update provider_account set subject = ${subject}, used_at = ${isoOf(at)}::timestamptz
     where provider = ${provider} and person = ${person} and subject is null returning account`)
  return row?.account ?? null
}
