import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** A version of the rule set of a partner, or of all (`*`). Times are ISO texts in UTC. */
export interface RuleSet {
  readonly exchange: string
  readonly partner: string
  readonly version: number
  readonly effectiveAt: string
  /** YAML, as it was put. */
  readonly content: string
  readonly reason: string
  readonly madeBy: string
  readonly madeAt: string
  readonly withdrawnAt: string | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

const columns = sql`exchange, partner, version,
  to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "effectiveAt", content, reason,
  made_by as "madeBy", to_char(made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "madeAt",
  to_char(withdrawn_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "withdrawnAt",
  withdrawn_by as "withdrawnBy", withdrawn_reason as "withdrawnReason"`

/** All rule sets that were not withdrawn: few, and written by hand. */
export async function standingRuleSets(tx: Tx): Promise<RuleSet[]> {
  return tx.rows<RuleSet>(sql`
    select ${columns} from rule_set where withdrawn_at is null order by exchange, partner, version`)
}

/** Something that is another text as soon as a rule set is put or withdrawn. */
export async function ruleSetsMark(tx: Tx): Promise<string> {
  const [row] = await tx.rows<{ mark: string }>(
    sql`select count(*) || ' ' || count(withdrawn_at) as mark from rule_set`,
  )
  return row?.mark ?? ''
}

/** The versions of an exchange, newest first; of these partners only, unless null. */
export async function listRuleSets(
  tx: Tx,
  exchange: string,
  partners: readonly string[] | null,
): Promise<RuleSet[]> {
  return tx.rows<RuleSet>(sql`
    select ${columns} from rule_set
     where exchange = ${exchange} and (${partners}::text[] is null or partner = any (${partners}::text[]))
     order by partner collate "C", version desc`)
}

/** One version, or null. */
export async function findRuleSet(
  tx: Tx,
  { exchange, partner, version }: Pick<RuleSet, 'exchange' | 'partner' | 'version'>,
): Promise<RuleSet | null> {
  const [row] = await tx.rows<RuleSet>(sql`
    select ${columns} from rule_set
     where exchange = ${exchange} and partner = ${partner} and version = ${version}`)
  return row ?? null
}

/**
 * Keeps a new version. The rows of the exchange are locked by the table's own lock: two that are put at once get
 * numbers one after the other.
 * @returns its version
 */
export async function putRuleSet(
  tx: Tx,
  set: Pick<RuleSet, 'exchange' | 'partner' | 'effectiveAt' | 'content' | 'reason' | 'madeBy' | 'madeAt'>,
): Promise<number> {
  await tx.rows(sql`lock table rule_set in share row exclusive mode`)
  const [row] = await tx.rows<{ version: number }>(sql`
    insert into rule_set (exchange, partner, version, effective_at, content, reason, made_by, made_at)
    select ${set.exchange}, ${set.partner}, coalesce(max(version), 0) + 1, ${set.effectiveAt}::timestamptz,
           ${set.content}, ${set.reason}, ${set.madeBy}, ${set.madeAt}::timestamptz
      from rule_set where exchange = ${set.exchange} and partner = ${set.partner}
    returning version`)
  if (row === undefined) throw new Error('a rule set that was put has a version')
  return row.version
}

/** Withdraws a version that has not taken effect at that time. False when it has, or was withdrawn before. */
export async function withdrawRuleSet(
  tx: Tx,
  { exchange, partner, version }: Pick<RuleSet, 'exchange' | 'partner' | 'version'>,
  withdrawal: { readonly at: string; readonly by: string; readonly reason: string },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update rule_set set withdrawn_at = ${withdrawal.at}::timestamptz, withdrawn_by = ${withdrawal.by},
           withdrawn_reason = ${withdrawal.reason}
     where exchange = ${exchange} and partner = ${partner} and version = ${version} and withdrawn_at is null
       and effective_at > ${withdrawal.at}::timestamptz
    returning 1`)
  return rows.length === 1
}
