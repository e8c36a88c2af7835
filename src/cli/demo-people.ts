import type { Node } from '../node/start.ts'
import type { Client } from './client.ts'

/** Somebody who may sign in with a browser. */
export interface DemoPerson {
  readonly who: string
  readonly account: string
  readonly password: string
}

const CLERK = ['submit', 'validate', 'read', 'close']

/** Registers a clerk and an administrator of an agency, each with a password of their own. */
export async function registerPeople(node: Node, centre: Client, partner: string): Promise<DemoPerson[]> {
  const people = [
    { who: 'clerk of the agency', account: 'dana.clerk', grants: { ripa: CLERK } },
    {
      who: 'administrator of the agency',
      account: 'robin.admin',
      grants: { ripa: CLERK, '*': ['administer'] },
    },
  ]
  const registered: DemoPerson[] = []
  for (const { who, account, grants } of people) {
    const asked = { name: account, partner, kind: 'person', realms: ['live', 'test'] }
    await centre.send('POST', '/v1/accounts', asked)
    for (const [exchange, own] of Object.entries(grants))
      await centre.send('PUT', `/v1/accounts/${account}/grants/${encodeURIComponent(exchange)}`, {
        grants: own,
      })
    const secret = await centre.send<{ clientSecret: string }>('POST', `/v1/accounts/${account}/secret`)
    const password = `demo-${secret.clientSecret.slice(0, 12)}`
    const change = { account, secret: secret.clientSecret, address: 'demo' }
    await node.identity.changePassword({ ...change, newPassword: password })
    registered.push({ who, account, password })
  }
  return registered
}
