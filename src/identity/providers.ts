import type { Database, Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { AccountRow } from '../store/accounts.ts'
import {
  changeProvider,
  dropLink,
  dropProvider,
  findProvider,
  listLinks,
  listProviders,
  type ProviderLink,
  type ProviderRow,
  putLink,
  putProvider,
  unbindPeople,
} from '../store/identity-providers.ts'
import { readIssuer } from './provider-address.ts'
import { type createProviderClient, troubleOf } from './provider-client.ts'
import { mustManage, mustPartner, type Note } from './registered.ts'
import type { Who } from './who.ts'

/** A provider as administrators see it: never with its secret. */
export interface ProviderView extends Omit<ProviderRow, 'provider' | 'clientSecret'> {
  readonly name: string
  readonly hasSecret: boolean
}

/** What is told of a provider; a secret that is left out stays, null takes it away. */
export interface ProviderChange {
  readonly title?: string
  readonly issuer?: string
  readonly clientId?: string
  readonly clientSecret?: string | null
  readonly scopes?: readonly string[]
  readonly claim?: string
  readonly partner?: string | null
  readonly provesSecondFactor?: boolean
}

export interface WantedProvider extends ProviderChange {
  readonly name: string
  readonly title: string
  readonly issuer: string
  readonly clientId: string
}

const providersMax = 100
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/

interface Deps {
  readonly db: Database
  readonly note: Note
  readonly client: Pick<ReturnType<typeof createProviderClient>, 'look'>
}

/** Providers of single sign-on, which the centre manages, and which accounts sign in by them. */
export function createProviders(deps: Deps) {
  return { ...centreCalls(deps), ...linkCalls(deps) }
}

function centreCalls({ db, note, client }: Deps) {
  return {
    async list(): Promise<readonly ProviderView[]> {
      return (await db.transact(listProviders)).map(viewOf)
    },

    /** Tries the provider first. Throws BAD_REQUEST (what is wrong with it), NOT_FOUND (partner), CONFLICT (name). */
    async add(by: Who, { name, ...wanted }: WantedProvider): Promise<ProviderView> {
      if (!NAME.test(name))
        throw new Fault('BAD_REQUEST', { reason: 'The name is up to 40 of a-z, 0-9 and hyphens.' })
      const row = readProvider({ ...EMPTY, provider: name }, wanted)
      await tried(row)
      return db.transact(async (tx) => {
        await checkPartner(tx, row)
        if ((await listProviders(tx)).length >= providersMax)
          throw new Fault('CONFLICT', { reason: `There are ${providersMax} providers already.` })
        if (!(await putProvider(tx, row)))
          throw new Fault('CONFLICT', { reason: `There is a provider ${name} already.` })
        await note(tx, by, 'identity provider added', `${name} ${row.issuer}`)
        return viewOf(row)
      })
    },

    /** As `add`; the secret goes on to the same issuer and client only. */
    async change(by: Who, name: string, change: ProviderChange): Promise<ProviderView> {
      const before = await db.transact((tx) => mustProvider(tx, name))
      const row = readProvider(before, change)
      const moved = row.issuer !== before.issuer
      if ((moved || row.clientId !== before.clientId) && change.clientSecret === undefined)
        throw new Fault('BAD_REQUEST', {
          reason: 'Another issuer or client has another secret: give it too, or null where there is none.',
        })
      if (moved || change.clientId !== undefined || change.clientSecret !== undefined) await tried(row)
      return db.transact(async (tx) => {
        await mustProvider(tx, name)
        await checkPartner(tx, row)
        await changeProvider(tx, row)
        if (moved) await unbindPeople(tx, name)
        await note(tx, by, 'identity provider changed', `${name} ${Object.keys(change).join(' ')}`)
        return viewOf(row)
      })
    },

    /** Nobody signs in by it any more. Throws NOT_FOUND. */
    remove(by: Who, name: string): Promise<void> {
      return db.transact(async (tx) => {
        if (!(await dropProvider(tx, name))) throw noProvider(name)
        await note(tx, by, 'identity provider removed', name)
      })
    },
  }

  async function tried(row: ProviderRow): Promise<void> {
    try {
      await client.look(row)
    } catch (error) {
      throw new Fault('BAD_REQUEST', { reason: `The provider at ${row.issuer}: ${troubleOf(error)}` })
    }
  }
}

function linkCalls({ db, note }: Deps) {
  return {
    /** The providers that serve an account, and how it signs in by each. Throws NOT_FOUND. */
    links(by: Who, name: string): Promise<readonly ProviderLink[]> {
      return db.transact(async (tx) => linksOf(tx, await mustManage(tx, by, name, 'see')))
    },

    /** Throws NOT_FOUND, NOT_ALLOWED, BAD_REQUEST (a machine), CONFLICT (the person is another account's). */
    link(by: Who, name: string, provider: string, person: string): Promise<readonly ProviderLink[]> {
      return db.transact(async (tx) => {
        const row = await mustManage(tx, by, name)
        if (row.kind !== 'person')
          throw new Fault('BAD_REQUEST', { reason: 'Only people sign in by a provider.' })
        const { partner } = await mustProvider(tx, provider)
        if (partner !== null && partner !== row.partner) throw noProvider(provider)
        const link = { provider, account: row.account, person: personOf(person) }
        if (!(await putLink(tx, link)))
          throw new Fault('CONFLICT', { reason: `${link.person} signs in to another account.` })
        await note(tx, by, 'sign-in by provider set', `${name} ${provider} ${link.person}`)
        return linksOf(tx, row)
      })
    },

    /** Throws NOT_FOUND, NOT_ALLOWED. */
    unlink(by: Who, name: string, provider: string): Promise<readonly ProviderLink[]> {
      return db.transact(async (tx) => {
        const row = await mustManage(tx, by, name)
        if (!(await dropLink(tx, provider, row.account)))
          throw new Fault('NOT_FOUND', { what: `sign-in of ${name} by ${provider}` })
        await note(tx, by, 'sign-in by provider removed', `${name} ${provider}`)
        return linksOf(tx, row)
      })
    },
  }
}

/** What a provider calls a person, as it is compared: addresses are the same whatever the case of their letters. */
export function personOf(said: string): string {
  const text = said.trim()
  return text.includes('@') ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text
}

const EMPTY: ProviderRow = {
  provider: '',
  title: '',
  issuer: '',
  clientId: '',
  clientSecret: null,
  scopes: ['openid', 'email'],
  claim: 'email',
  partner: null,
  provesSecondFactor: false,
}

function readProvider(before: ProviderRow, change: ProviderChange): ProviderRow {
  const issuer = change.issuer === undefined ? before.issuer : readIssuer(change.issuer)
  const scopes = [...new Set(['openid', ...(change.scopes ?? before.scopes)])]
  return { ...before, ...change, issuer, scopes }
}

async function checkPartner(tx: Tx, { partner }: ProviderRow): Promise<void> {
  if (partner !== null) await mustPartner(tx, partner)
}

function linksOf(tx: Tx, { account, partner }: AccountRow): Promise<readonly ProviderLink[]> {
  return listLinks(tx, account, partner)
}

async function mustProvider(tx: Tx, name: string): Promise<ProviderRow> {
  const row = await findProvider(tx, name)
  if (row === null) throw noProvider(name)
  return row
}

/** There is no such provider, or it serves others. */
export function noProvider(name: string): Fault {
  return new Fault('NOT_FOUND', { what: `identity provider ${name}` })
}

function viewOf({ provider: name, clientSecret, ...row }: ProviderRow): ProviderView {
  return { name, ...row, hasSecret: clientSecret !== null }
}
