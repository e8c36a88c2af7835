import type { Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import { centrePartner, findPartner } from '../store/partners.ts'
import type { RunDeps } from './deps.ts'

/**
 * Whose book a partner's records go to: its own, or the centre's. Throws NOT_FOUND for an unknown partner.
 * @param known a partner that exists (the caller's own), about which nothing need be asked
 */
export async function ownerOf(
  deps: Pick<RunDeps, 'db'>,
  definition: Definition,
  partner: string,
  known: string | null = null,
): Promise<string> {
  if (partner === known && definition.owner === 'partner') return partner
  return deps.db.transact(async (tx) => {
    if ((await findPartner(tx, partner)) === null)
      throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
    return definition.owner === 'partner' ? partner : centrePartner(tx)
  })
}
