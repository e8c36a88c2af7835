import type { FastifyInstance } from 'fastify'
import { GRANTS } from '../../identity/who.ts'

/** Shapes of invitations, second factors and one's own sessions. */

const text = { type: 'string' } as const
const time = { type: 'string', format: 'date-time' } as const

/** What is given in an exchange. */
export const GIVEN = {
  type: 'array',
  maxItems: 100,
  items: {
    type: 'object',
    required: ['exchange', 'grants'],
    additionalProperties: false,
    properties: {
      exchange: {
        type: 'string',
        pattern: '^(\\*|[a-z][a-z0-9-]{0,9})$',
        description: '`*`: every exchange.',
      },
      grants: { type: 'array', uniqueItems: true, items: { type: 'string', enum: GRANTS } },
    },
  },
} as const

const INVITATION = {
  $id: 'Invitation',
  description: 'Somebody asked to set a password, and where that stands.',
  type: 'object',
  required: [
    'invitation',
    'name',
    'partner',
    'address',
    'realms',
    'grants',
    'invitedBy',
    'state',
    'createdAt',
    'expiresAt',
  ],
  properties: {
    invitation: text,
    name: { ...text, description: 'The account that it becomes.' },
    partner: text,
    address: text,
    realms: { type: 'array', items: { type: 'string', enum: ['live', 'test'] } },
    grants: GIVEN,
    invitedBy: text,
    state: { type: 'string', enum: ['open', 'accepted', 'expired', 'withdrawn'] },
    createdAt: time,
    expiresAt: time,
    link: {
      type: ['string', 'null'],
      description: 'When it is made, and no mail brings it: shown this once, to be passed on.',
    },
  },
  additionalProperties: true,
}

const SECOND_FACTOR = {
  $id: 'SecondFactor',
  description: "An account's second factor, without its secret.",
  type: 'object',
  required: ['enrolled', 'enrolledAt', 'recoveryCodesLeft', 'required'],
  properties: {
    enrolled: { type: 'boolean' },
    enrolledAt: { type: ['string', 'null'], format: 'date-time' },
    recoveryCodesLeft: { type: 'integer' },
    required: { type: 'boolean', description: 'The partner asks its people for one.' },
  },
  additionalProperties: true,
}

const OWN_SESSION = {
  $id: 'OwnSession',
  description: 'A browser in which one is signed in.',
  type: 'object',
  required: ['session', 'address', 'browser', 'createdAt', 'seenAt', 'current'],
  properties: {
    session: text,
    address: text,
    browser: { ...text, description: 'What the browser says it is.' },
    createdAt: time,
    seenAt: time,
    current: { type: 'boolean', description: 'The one that asks.' },
  },
  additionalProperties: true,
}

const PASSKEY = {
  $id: 'Passkey',
  description: "A passkey of one's own: the public half of it, which is never shown.",
  type: 'object',
  required: ['passkey', 'title', 'createdAt', 'usedAt'],
  properties: {
    passkey: text,
    title: { ...text, description: 'What its person calls it.' },
    createdAt: time,
    usedAt: { type: ['string', 'null'], format: 'date-time' },
  },
  additionalProperties: true,
}

const IDENTITY_PROVIDER = {
  $id: 'IdentityProvider',
  description: 'A provider of single sign-on (OpenID Connect), never with its secret.',
  type: 'object',
  required: [
    'name',
    'title',
    'issuer',
    'clientId',
    'hasSecret',
    'scopes',
    'claim',
    'partner',
    'provesSecondFactor',
    'redirectUri',
  ],
  properties: {
    name: text,
    title: { ...text, description: 'As the button of the sign-in page names it.' },
    issuer: text,
    clientId: text,
    hasSecret: { type: 'boolean' },
    scopes: { type: 'array', items: text },
    claim: { ...text, description: 'What of a person says who they are, until their first sign-in.' },
    partner: { type: ['string', 'null'], description: "Whose people it serves; null: everybody's." },
    provesSecondFactor: {
      type: 'boolean',
      description: 'It asks for a second factor itself: none is asked for here then.',
    },
    redirectUri: { ...text, description: 'To be registered at the provider.' },
  },
  additionalProperties: true,
}

const PROVIDER_LINK = {
  $id: 'ProviderLink',
  description: 'How an account signs in by a provider of single sign-on.',
  type: 'object',
  required: ['provider', 'title', 'person', 'bound', 'usedAt'],
  properties: {
    provider: text,
    title: text,
    person: {
      type: ['string', 'null'],
      description: "What the provider's claim says of the person; null: it does not sign in by it.",
    },
    bound: {
      type: 'boolean',
      description:
        "The person has signed in by it: the provider's lasting name of them (`sub`) counts alone.",
    },
    usedAt: { type: ['string', 'null'], format: 'date-time' },
  },
  additionalProperties: true,
}

/** Makes the shapes known to the routes as `Name#`. */
export function addPeopleSchemas(app: FastifyInstance): void {
  for (const schema of [INVITATION, SECOND_FACTOR, OWN_SESSION, PASSKEY, IDENTITY_PROVIDER, PROVIDER_LINK])
    app.addSchema(schema)
}
