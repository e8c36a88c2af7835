import { Fault } from '../fault/fault.ts'

/** Is this the name of this machine for itself? */
function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name)
}

/** Is it plain HTTP that stays on this machine? */
export function plainAddress({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && isLoopbackName(hostname)
}

/** An issuer as it is kept. Throws BAD_REQUEST for what is no address of one. */
export function readIssuer(given: string): string {
  // People copy the address of the document that describes the provider.
  const text = given.trim().replace(/\/\.well-known\/openid-configuration$/, '')
  const address = URL.canParse(text) ? new URL(text) : null
  const plain =
    address !== null &&
    address.username === '' &&
    address.password === '' &&
    address.search === '' &&
    address.hash === ''
  if (!plain || !(address.protocol === 'https:' || plainAddress(address)))
    throw new Fault('BAD_REQUEST', {
      reason: 'The issuer is an https:// address, as https://login.example.org/realms/one.',
    })
  return text
}

/** Where a provider sends browsers back to. */
export function callbackOf(origin: string, provider: string): string {
  return `${origin.replace(/\/+$/, '')}${callbackPath(provider)}`
}

export function callbackPath(provider: string): string {
  return `/v1/session/providers/${provider}/callback`
}
