import type { FastifyInstance } from 'fastify'
import { GRANTS } from '../../identity/who.ts'

/** Shapes of what the node is told about partners for the bulk channels. */

const text = { type: 'string' } as const
const maybeText = { type: ['string', 'null'] } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const

const PARTNER = {
  $id: 'Partner',
  description: 'An organisation that sends or receives.',
  type: 'object',
  required: ['name', 'title', 'centre', 'profile', 'timeZone', 'secondFactor', 'identifiers'],
  properties: {
    name: text,
    title: text,
    centre: { type: 'boolean' },
    profile: { ...maybeText, description: 'How the SDCS paths answer it.' },
    timeZone: { ...maybeText, description: 'Of its office, as `America/Los_Angeles`; null: not told.' },
    secondFactor: { type: 'boolean', description: 'Its people need a second factor to sign in.' },
    identifiers: {
      type: 'array',
      items: { type: 'object', required: ['scheme', 'value'], properties: { scheme: text, value: text } },
    },
  },
  additionalProperties: true,
}

const ACCOUNT = {
  $id: 'Account',
  description: 'An account and what it may do; never with a secret.',
  type: 'object',
  properties: {
    account: { ...text, description: 'The id in tokens and in the audit.' },
    name: text,
    partner: text,
    kind: { type: 'string', enum: ['person', 'machine'] },
    realms: { type: 'array', items: { type: 'string', enum: ['live', 'test'] } },
    channels: {
      type: 'array',
      items: { type: 'string', enum: ['rest', 'sftp', 'agent'] },
      description: 'By which it may come in.',
    },
    grants: {
      type: 'array',
      items: {
        type: 'object',
        required: ['exchange', 'grants'],
        properties: { exchange: text, grants: { type: 'array', items: { type: 'string', enum: GRANTS } } },
      },
    },
    suspended: { type: 'boolean', description: 'It signs in no more until it is resumed.' },
    lockedUntil: { ...maybeTime, description: 'After many wrong passwords it does not sign in before.' },
    hasSecret: { type: 'boolean', description: 'False: it signs in by keys and certificates alone.' },
    mustChange: { type: 'boolean', description: 'Its password is good for one use.' },
    secondFactor: { type: 'boolean' },
  },
  required: [
    'account',
    'name',
    'partner',
    'kind',
    'realms',
    'channels',
    'grants',
    'suspended',
    'lockedUntil',
    'hasSecret',
    'mustChange',
    'secondFactor',
  ],
  additionalProperties: true,
}

const SSH_KEY = {
  $id: 'SshKey',
  description: 'A public key that signs an account in to the file server.',
  type: 'object',
  properties: {
    fingerprint: { ...text, description: '`SHA256:…`, as `ssh-keygen -l` prints it.' },
    publicKey: { ...text, description: 'One line: kind and base64.' },
    title: text,
    addedAt: time,
  },
  additionalProperties: true,
}

const HOST_KEY = {
  $id: 'HostKey',
  description: 'A key by which clients know the file server; its public part.',
  type: 'object',
  properties: {
    fingerprint: { ...text, description: '`SHA256:…`, as clients show it at the first visit.' },
    kind: text,
    publicKey: { ...text, description: 'One line, as in a `known_hosts` file after the host.' },
    state: {
      type: 'string',
      enum: ['in use', 'next', 'retired'],
      description: '`next`: it takes the place of the one in use when that is retired.',
    },
    shown: { type: 'boolean', description: 'Does this node show it to clients now?' },
    createdAt: time,
    retiredAt: maybeTime,
  },
  additionalProperties: true,
}

const PGP_KEY = {
  $id: 'PgpKey',
  description: 'An OpenPGP key; of our own keys the public part.',
  type: 'object',
  properties: {
    fingerprint: { ...text, description: 'Upper-case hex.' },
    partner: { ...maybeText, description: 'Null: a key of ours for all partners.' },
    purpose: { type: 'string', enum: ['theirs', 'ours'] },
    userId: text,
    addedAt: time,
    expiresAt: maybeTime,
    retiredAt: maybeTime,
    publicKey: { ...text, description: 'ASCII armor.' },
  },
  additionalProperties: true,
}

const FILE_POLICY = {
  $id: 'FilePolicy',
  description: "How a partner's files of an exchange must be protected.",
  type: 'object',
  properties: {
    partner: text,
    exchange: text,
    mustEncrypt: { type: 'boolean' },
    mustSign: { type: 'boolean' },
  },
  additionalProperties: true,
}

/** Settings of a place, as given and as shown; only the secret is never shown. */
export const PLACE_SETTINGS = {
  kind: { type: 'string', enum: ['folder', 's3'] },
  path: { type: 'string', minLength: 1, maxLength: 1000, description: 'folder: an absolute path.' },
  endpoint: { type: 'string', maxLength: 500, description: 's3: address of the service.' },
  region: { type: 'string', maxLength: 40 },
  bucket: { type: 'string', maxLength: 63 },
  prefix: { type: 'string', maxLength: 400 },
  style: { type: 'string', enum: ['path', 'virtual'], description: 's3: where the bucket is named.' },
  accessKeyId: { type: 'string', maxLength: 128 },
} as const

const TREE_PLACE = {
  $id: 'Place',
  description: "Where a partner's files lie when not in its own tree of the file server.",
  type: 'object',
  properties: {
    place: text,
    partner: text,
    settings: { type: 'object', properties: PLACE_SETTINGS, additionalProperties: true },
    active: { type: 'boolean', description: 'Are files picked up from it?' },
    lastError: { ...maybeText, description: 'Why it could not be looked at, the last time.' },
    seenAt: maybeTime,
  },
  additionalProperties: true,
}

const CONTACT = {
  $id: 'Contact',
  description: "Somebody who is written to about a partner's deliveries.",
  type: 'object',
  properties: {
    contact: { type: 'integer' },
    partner: text,
    exchange: { ...text, description: '`*`: every exchange.' },
    address: text,
    frequency: { type: 'string', enum: ['at-once', 'hourly', 'daily', 'weekly'] },
    language: text,
    createdAt: time,
    bouncedAt: {
      ...maybeTime,
      description: 'When the address was refused for good; nothing is sent to it since.',
    },
    bounceReason: maybeText,
  },
  additionalProperties: true,
}

/** What may become of a mail. */
export const MAIL_STATES = ['queued', 'sent', 'bounced', 'given-up'] as const

const MAIL = {
  $id: 'Mail',
  description: 'A mail about deliveries and where it stands; its text is not given.',
  type: 'object',
  properties: {
    mail: text,
    contact: { type: ['integer', 'null'], description: 'Null: the contact was removed since.' },
    partner: text,
    exchange: text,
    recipient: text,
    subject: text,
    state: { type: 'string', enum: MAIL_STATES },
    attempts: { type: 'integer' },
    createdAt: time,
    nextAt: { ...maybeTime, description: 'When it is tried next; null unless it is queued.' },
    sentAt: maybeTime,
    lastError: maybeText,
  },
  required: [
    'mail',
    'contact',
    'partner',
    'exchange',
    'recipient',
    'subject',
    'state',
    'attempts',
    'createdAt',
    'nextAt',
    'sentAt',
    'lastError',
  ],
  additionalProperties: true,
}

/** Makes the shapes known to the routes as `Name#`. */
export function addRegistrySchemas(app: FastifyInstance): void {
  for (const schema of [PARTNER, ACCOUNT, HOST_KEY, TREE_PLACE, MAIL]) app.addSchema(schema)
  for (const schema of [SSH_KEY, PGP_KEY, FILE_POLICY, CONTACT])
    app.addSchema({ ...schema, required: Object.keys(schema.properties) })
}

/** An answer that is all there are, on one page. */
export function itemsOf(name: string): object {
  return {
    type: 'object',
    required: ['items'],
    properties: { items: { type: 'array', items: { $ref: `${name}#` } } },
  }
}
