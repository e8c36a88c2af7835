import type { Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import { centrePartner, findPartner } from '../store/partners.ts'
import type { RunDeps } from './deps.ts'

/** Whose book a partner's records go to: its own, or the centre's. Throws NOT_FOUND for an unknown partner. */
export function ownerOf(deps: Pick<RunDeps, 'db'>, definition: Definition, partner: string): Promise<string> {
  return deps.db.transact(async (tx) => {
    if ((await findPartner(tx, partner)) === null)
      throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
    return definition.owner === 'partner' ? partner : centrePartner(tx)
  })
}
