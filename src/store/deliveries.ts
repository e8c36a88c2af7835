import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** The submission first made with this key, with what was sent then. */
export interface Delivery {
  readonly tracking: string
  readonly fingerprint: string
}

/** What an idempotency key of this partner has already delivered, or null. */
export async function findDelivery(tx: Tx, partner: string, deliveryKey: string): Promise<Delivery | null> {
  const [row] = await tx.rows<Delivery>(sql`
    select tracking, fingerprint from delivery where partner = ${partner} and delivery_key = ${deliveryKey}`)
  return row ?? null
}

/** Binds keys to submissions. False for one that was bound meanwhile by another call: the caller rolls back. */
export async function putDelivery(
  tx: Tx,
  delivery: { partner: string; deliveryKey: string; fingerprint: string; tracking: string },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    insert into delivery (partner, delivery_key, fingerprint, tracking)
    values (${delivery.partner}, ${delivery.deliveryKey}, ${delivery.fingerprint}, ${delivery.tracking})
        on conflict do nothing returning 1`)
  return rows.length === 1
}
