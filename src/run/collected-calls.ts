import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { fileNameFor } from '../exchange/file-name.ts'
import type { Body, Parcel } from '../exchange/parcel.ts'
import { zoneClock } from '../feedback/zone-clock.ts'
import { openCallIntake, putIntakeCalls } from '../store/intakes.ts'
import type { Realm } from '../store/model.ts'

/** What is known of a call when it is collected. */
interface Collectable {
  readonly definition: Definition
  readonly realm: Realm
  readonly partner: string
  readonly format: string
  readonly parcel: Parcel
  readonly collect: boolean
}

/**
 * Notes those of a group's calls (of one exchange, realm and sender) that are reported like files, in the
 * transaction of their effect: there is no answer without it, and no report of what was not done.
 */
export async function collectCalls(
  tx: Tx,
  calls: readonly Collectable[],
  trackings: readonly string[],
  now: number,
): Promise<void> {
  const collected = calls.flatMap((call, index) => {
    const tracking = trackings[index]
    return call.collect && tracking !== undefined ? [{ tracking, fileName: nameOf(call, now) }] : []
  })
  const [first] = calls
  if (first === undefined || collected.length === 0) return
  const { partner, realm, definition } = first
  const intake = await openCallIntake(tx, { partner, exchange: definition.exchange, realm, now })
  await putIntakeCalls(tx, intake, collected)
}

/** What the record would be called if it had come as a file; reports name it so. */
function nameOf({ definition, format, parcel }: Collectable, now: number): string {
  const { date, time } = zoneClock(definition.zone)(new Date(now).toISOString())
  const [month, day, year] = date.split('/')
  const body: Body = JSON.parse(parcel.body)
  return fileNameFor(definition.files, format, `${year}${month}${day}${time.replaceAll(':', '')}`, body)
}
