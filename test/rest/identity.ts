import type { AuditEntry, RestIdentity } from '../../src/channel/rest/identity-port.ts'
import { Fault } from '../../src/fault/fault.ts'
import type { Who } from '../../src/identity/who.ts'

const ALL = ['submit', 'validate', 'read', 'close', 'delete', 'release', 'manage'] as const

function account(name: string, more: Partial<Who> = {}): Who {
  return {
    account: name,
    name,
    partner: 'alder',
    centre: false,
    kind: 'machine',
    realms: ['live', 'test'],
    grants: [{ exchange: 'ripa', grants: ['submit', 'validate', 'read', 'close'] }],
    ...more,
  }
}

/** Token → account. `alder` and `birch` are agencies, `reader` may only read, `centre` everything. */
export const ACCOUNTS: Readonly<Record<string, Who>> = {
  alder: account('alder-rms'),
  birch: account('birch-rms', { partner: 'birch' }),
  reader: account('alder-reader', { grants: [{ exchange: 'ripa', grants: ['read'] }], realms: ['live'] }),
  stranger: account('cedar-rms', {
    partner: 'cedar',
    grants: [{ exchange: 'other', grants: ['submit', 'read'] }],
  }),
  old: account('dogwood-rms', { partner: 'dogwood' }),
  centre: account('admin', {
    partner: 'centre',
    centre: true,
    kind: 'person',
    grants: [{ exchange: '*', grants: ALL }],
  }),
}

const ORIS: Readonly<Record<string, string>> = {
  CA0990100: 'alder',
  CA0990200: 'birch',
  CA0990300: 'dogwood',
}

export interface TestIdentity extends RestIdentity {
  readonly audited: AuditEntry[]
  /** Certificate fingerprint → token of the account it is bound to. */
  readonly certificates: Map<string, string>
}

/** Identity in a few lines: what the protocol tests need, with the real interface. */
export function testIdentity(): TestIdentity {
  const audited: AuditEntry[] = []
  const certificates = new Map<string, string>()
  const wrong = () => new Fault('NOT_SIGNED_IN', { reason: 'The token is not good.' })
  const unused = async (): Promise<never> => {
    throw new Fault('CONFLICT', { reason: 'That partner is registered already.' })
  }
  return {
    audited,
    certificates,
    authenticateBearer: async (token) => {
      const who = ACCOUNTS[token]
      if (who === undefined) throw wrong()
      return who
    },
    authenticateCertificate: async ({ fingerprint }) => {
      const token = certificates.get(fingerprint)
      return token === undefined ? null : (ACCOUNTS[token] ?? null)
    },
    issueToken: async ({ account: name, secret }) => {
      if (ACCOUNTS[name] === undefined || secret !== 'right secret') throw wrong()
      return { token: name, expiresInSeconds: 900, mustChangePassword: name === 'old' }
    },
    openSession: async () => {
      throw wrong()
    },
    authenticateSession: async () => {
      throw wrong()
    },
    closeSession: async () => undefined,
    openSessionWithCode: async () => {
      throw wrong()
    },
    sessionsOf: async () => [],
    endSession: async () => undefined,
    secondFactor: { view: unused, begin: unused, confirm: unused, renewCodes: unused, remove: unused },
    passkeys: { list: unused, begin: unused, add: unused, remove: unused, ask: unused, open: unused },
    providers: {
      list: unused,
      add: unused,
      change: unused,
      remove: unused,
      callback: () => '',
      links: unused,
      link: unused,
      unlink: unused,
      offered: unused,
      begin: unused,
      finish: unused,
    },
    titleOf: async (partner) => partner,
    changePassword: async ({ secret }) => {
      if (secret !== 'right secret') throw wrong()
    },
    publicKeys: async () => ({ keys: [{ kty: 'OKP', crv: 'Ed25519', kid: '1', x: 'AAAA' }] }),
    audit: async (entry) => {
      audited.push(entry)
    },
    partnerOf: async (scheme, value) => (scheme === 'ori' ? (ORIS[value] ?? null) : null),
    profileOf: async (partner) => (partner === 'dogwood' ? 'deployed' : null),
    registry: {
      partners: async () => [
        {
          name: 'alder',
          title: 'Alder PD',
          centre: false,
          profile: null,
          timeZone: null,
          secondFactor: false,
          identifiers: [],
        },
      ],
      addPartner: unused,
      addIdentifier: async () => undefined,
      removeIdentifier: async () => undefined,
      accounts: async () => [],
      addAccount: unused,
      setChannels: unused,
      setRealms: unused,
      setGrants: async (by, name, exchange, grants) => ({
        ...by,
        name,
        channels: ['rest'],
        grants: [{ exchange, grants }],
        suspended: false,
        lockedUntil: null,
        hasSecret: true,
        mustChange: false,
        secondFactor: false,
      }),
      partner: unused,
      changePartner: unused,
      account: unused,
      setSuspended: unused,
      unlock: unused,
      resetSecondFactor: unused,
      newSecret: async (_by, name) => ({ clientId: name, clientSecret: 'new' }),
      bindCertificate: async (_by, name, fingerprint) => {
        certificates.set(fingerprint, name)
      },
      certificates: async (_by, name) =>
        [...certificates].filter(([, of]) => of === name).map(([fingerprint]) => fingerprint),
      unbindCertificate: async (_by, _name, fingerprint) => {
        certificates.delete(fingerprint)
      },
      closeAccount: async () => undefined,
    },
  }
}
