import type { AuditPorts } from '../channel/rest/ports-operations.ts'
import type { Database } from '../db/database.ts'
import { type AuditVerdict, verifyAudit } from '../identity/audit.ts'
import { searchAudit } from '../store/audit.ts'
import { placeAfter, readPlace } from './paging.ts'

/** The audit log, to be searched and verified. */
export function createAuditPorts(
  db: Database,
  publicKeys: () => Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>,
): AuditPorts {
  // A log of years takes a while to read: it is read once for all who ask the same meanwhile.
  const verifying = new Map<string, Promise<AuditVerdict>>()
  return {
    async search(filter, { limit, after }) {
      const before = readPlace(after, { entry: 'number' })?.entry ?? null
      const rows = await db.transact((tx) => searchAudit(tx, filter, { limit: limit + 1, before }))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const next = rows.length > limit && last !== undefined ? placeAfter({ entry: last.entry }) : null
      return { items, next }
    },
    verify(knownHead) {
      const key = knownHead ?? ''
      const going = verifying.get(key)
      if (going !== undefined) return going
      const begun = publicKeys()
        .then(({ keys }) => verifyAudit(db, keys, knownHead))
        .finally(() => verifying.delete(key))
      verifying.set(key, begun)
      return begun
    },
  }
}
