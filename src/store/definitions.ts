import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Definition } from '../exchange/definition.ts'

/** Keeps the definition that judges a submission, once. */
export async function keepDefinition(tx: Tx, definition: Definition): Promise<void> {
  const known = await tx.rows(sql`select 1 from definition where hash = ${definition.hash}`)
  if (known.length > 0) return
  await tx.rows(sql`
    insert into definition (hash, exchange, content, rules)
    values (${definition.hash}, ${definition.exchange}, ${JSON.stringify(definition)},
            ${JSON.stringify(definition.rules ?? [])}::jsonb) on conflict do nothing`)
}

/** A definition that judged something before, or null. */
export async function findDefinition(tx: Tx, hash: string): Promise<Definition | null> {
  const [row] = await tx.rows<{ content: string }>(sql`select content from definition where hash = ${hash}`)
  return row === undefined ? null : (JSON.parse(row.content) as Definition)
}
