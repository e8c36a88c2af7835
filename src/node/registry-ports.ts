import type {
  ContactRequest,
  PlaceRequest,
  RegistryPorts,
  SshKeyView,
} from '../channel/rest/ports-registry.ts'
import type { Database, Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import { createHostKeyRing } from '../identity/host-keys.ts'
import { mustManage, noteChanges } from '../identity/registered.ts'
import { readSshKey } from '../identity/ssh-key.ts'
import { type AccountKeyRow, dropAccountKey, listAccountKeys, putAccountKey } from '../store/account-keys.ts'
import {
  clearBounce,
  dropContact,
  findContact,
  listContacts,
  mailAddress,
  putContact,
} from '../store/contacts.ts'
import { findMail, listMails, retryMail } from '../store/mails.ts'
import { findPartner } from '../store/partners.ts'
import {
  filePolicyOf,
  listPgpKeys,
  makeOurKey,
  type PgpKey,
  putTheirKey,
  retirePgpKey,
  setFilePolicy,
} from '../store/pgp-keys.ts'
import { dropPlace, listPlaces, type Place, putPlace, setPlaceActive } from '../store/places.ts'
import type { LiveDefinitions } from './definitions.ts'
import { placeAfter, readPlace } from './paging.ts'

interface Deps {
  readonly db: Database
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly definitions: Pick<LiveDefinitions, 'get'>
  /** Mails may go out that could not before. */
  readonly mailReady: () => void
}

interface Made extends Deps {
  readonly note: ReturnType<typeof noteChanges>
}

/** Keys, places, contacts and mails, over the stores. */
export function createRegistryPorts(deps: Deps): RegistryPorts {
  const made = { ...deps, note: noteChanges(deps.now) }
  return {
    sshKeys: sshKeyPorts(made),
    hostKeys: createHostKeyRing(deps.db, deps.now),
    pgpKeys: pgpKeyPorts(made),
    places: placePorts(made),
    contacts: contactPorts(made),
    mails: mailPorts(made),
  }
}

function sshKeyPorts({ db, note }: Made): RegistryPorts['sshKeys'] {
  return {
    list: (by, name) =>
      db.transact(async (tx) =>
        (await listAccountKeys(tx, (await mustManage(tx, by, name, 'see')).account)).map(shownKey),
      ),
    async add(by, name, { publicKey, title }) {
      const key = readSshKey(publicKey)
      const { fingerprint } = key
      return db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        const row = { account, fingerprint, publicKey: key.publicKey, title: title ?? key.comment }
        if (!(await putAccountKey(tx, row)))
          throw new Fault('CONFLICT', { reason: 'The key signs another account in.' })
        await note(tx, by, 'ssh key added', `${name} ${fingerprint}`)
        const kept = (await listAccountKeys(tx, account)).find((one) => one.fingerprint === fingerprint)
        if (kept === undefined) throw new Error('the key was not stored')
        return shownKey(kept)
      })
    },
    remove: (by, name, fingerprint) =>
      db.transact(async (tx) => {
        const { account } = await mustManage(tx, by, name)
        if (!(await dropAccountKey(tx, account, fingerprint))) throw missing(`key ${fingerprint} of ${name}`)
        await note(tx, by, 'ssh key removed', `${name} ${fingerprint}`)
      }),
  }
}

function shownKey({ fingerprint, publicKey, title, addedAt }: AccountKeyRow): SshKeyView {
  return { fingerprint, publicKey, title, addedAt }
}

function pgpKeyPorts({ db, now, note, definitions }: Made): RegistryPorts['pgpKeys'] {
  /** Retires a key, when it is one of those meant. */
  const retire = (by: Parameters<typeof note>[1], fingerprint: string, meant: (key: PgpKey) => boolean) =>
    db.transact(async (tx) => {
      const key = (await listPgpKeys(tx, null)).find((one) => one.fingerprint === fingerprint && meant(one))
      if (key === undefined || !(await retirePgpKey(tx, fingerprint, now())))
        throw missing(`OpenPGP key ${fingerprint} in use`)
      await note(tx, by, 'pgp key retired', `${key.partner ?? 'all'} ${key.purpose} ${fingerprint}`)
    })
  return {
    async ours(partner, retired) {
      return db.transact(async (tx) => keysOf(await listPgpKeys(tx, partner), 'ours', retired))
    },
    make: (by, partner, kind) =>
      db.transact(async (tx) => {
        const key = await makeOurKey(tx, partner, now(), kind)
        await note(tx, by, 'pgp key made', `${partner ?? 'all'} ${key.fingerprint}`)
        return key
      }),
    retireOurs: (by, fingerprint) => retire(by, fingerprint, (key) => key.purpose === 'ours'),
    theirs: (partner, retired) =>
      db.transact(async (tx) => {
        await checkPartner(tx, partner)
        return keysOf(await listPgpKeys(tx, partner), 'theirs', retired)
      }),
    add: (by, partner, publicKey) =>
      db.transact(async (tx) => {
        const key = await putTheirKey(tx, partner, publicKey, now())
        await note(tx, by, 'pgp key added', `${partner} ${key.fingerprint}`)
        return key
      }),
    retireTheirs: (by, partner, fingerprint) =>
      retire(by, fingerprint, (key) => key.purpose === 'theirs' && key.partner === partner),
    policy(partner, exchange) {
      definitions.get(exchange)
      return db.transact(async (tx) => {
        await checkPartner(tx, partner)
        return filePolicyOf(tx, partner, exchange)
      })
    },
    setPolicy(by, policy) {
      const { partner, exchange, mustEncrypt, mustSign } = policy
      definitions.get(exchange)
      return db.transact(async (tx) => {
        await setFilePolicy(tx, policy)
        const asked = `encrypt=${mustEncrypt} sign=${mustSign}`
        await note(tx, by, 'file policy set', `${partner} ${exchange} ${asked}`)
        return filePolicyOf(tx, partner, exchange)
      })
    },
  }
}

function keysOf(keys: readonly PgpKey[], purpose: PgpKey['purpose'], retired: boolean): PgpKey[] {
  return keys.filter((key) => key.purpose === purpose && (retired || key.retiredAt === null))
}

function placePorts({ db, note }: Made): RegistryPorts['places'] {
  return {
    list: (partner) => db.transact((tx) => listPlaces(tx, partner)),
    put: (by, { place, partner, settings, active }: PlaceRequest) =>
      db.transact(async (tx) => {
        const put = await putPlace(tx, { place, partner, settings })
        if (active !== null) await setPlaceActive(tx, place, active)
        const shown: Place = { ...put, active: active ?? put.active }
        const use = shown.active ? 'in use' : 'out of use'
        await note(tx, by, 'place set', `${place} ${partner} ${settings.kind} ${use}`)
        return shown
      }),
    remove: (by, place) =>
      db.transact(async (tx) => {
        if (!(await dropPlace(tx, place))) throw missing(`place ${place}`)
        await note(tx, by, 'place removed', place)
      }),
  }
}

function contactPorts({ db, note, definitions, mailReady }: Made): RegistryPorts['contacts'] {
  return {
    list: (partner) =>
      db.transact(async (tx) => {
        await checkPartner(tx, partner)
        return listContacts(tx, partner)
      }),
    async put(by, { partner, exchange, address: given, frequency }: ContactRequest) {
      const address = mailAddress(given)
      if (address === null)
        throw new Fault('BAD_REQUEST', { reason: 'This is not one plain mail address, as name@example.org.' })
      if (exchange !== '*') definitions.get(exchange)
      return db.transact(async (tx) => {
        await checkPartner(tx, partner)
        const kept = await putContact(tx, { partner, exchange, address, frequency })
        await note(tx, by, 'contact set', `${kept.contact} ${partner} ${exchange} ${address} ${frequency}`)
        return kept
      })
    },
    remove: (by, partner, contact) =>
      db.transact(async (tx) => {
        if (!(await dropContact(tx, partner, contact))) throw missing(`contact ${contact} of ${partner}`)
        await note(tx, by, 'contact removed', `${contact} ${partner}`)
      }),
    async clearBounce(by, partner, contact) {
      const cleared = await db.transact(async (tx) => {
        const found = await findContact(tx, contact)
        if (found?.partner !== partner) throw missing(`contact ${contact} of ${partner}`)
        await clearBounce(tx, contact)
        await note(tx, by, 'contact works again', `${contact} ${partner} ${found.address}`)
        return { ...found, bouncedAt: null, bounceReason: null }
      })
      mailReady()
      return cleared
    },
  }
}

function mailPorts({ db, now, note, mailReady }: Made): RegistryPorts['mails'] {
  return {
    async list({ partner, state, limit, after }) {
      const before = readPlace(after, { mail: 'string' })?.mail ?? null
      const rows = await db.transact((tx) => listMails(tx, { partner, state, before, limit: limit + 1 }))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items,
        next: rows.length > limit && last !== undefined ? placeAfter({ mail: last.mail }) : null,
      }
    },
    find: (mail) => db.transact((tx) => findMail(tx, mail)),
    async retry(by, mail) {
      const queued = await db.transact(async (tx) => {
        const before = await findMail(tx, mail)
        if (before === null) throw missing(`mail ${mail}`)
        if (!(await retryMail(tx, mail, now())))
          throw new Fault('CONFLICT', {
            reason:
              before.state === 'sent'
                ? 'The mail was sent; it is not sent twice.'
                : 'The contact of this mail was removed, so it is not sent again.',
          })
        await note(tx, by, 'mail queued again', `${mail} ${before.partner}`)
        return (await findMail(tx, mail)) ?? before
      })
      mailReady()
      return queued
    },
  }
}

async function checkPartner(tx: Tx, partner: string): Promise<void> {
  if ((await findPartner(tx, partner)) === null) throw missing(`partner ${partner}`)
}

function missing(what: string): Fault {
  return new Fault('NOT_FOUND', { what })
}
