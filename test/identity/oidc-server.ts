import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

/** What the provider knows of a person. */
export interface Known {
  readonly email: string
  readonly email_verified?: boolean
}

/** A real provider of single sign-on on this machine, with a plain page to sign in at. */
export interface OidcServer {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** What it knows of people, by the name they type and that it gives them for good. */
  readonly people: Map<string, Known>
  close(): Promise<void>
}

const PAGE = `<!doctype html><html lang="en"><title>County account</title><main><h1>County account</h1>
<form method="post"><label>Name <input name="person"></label><button>Go on</button>
<button name="cancel" value="1">Cancel</button></form></main></html>`

/** @param redirectUris to which it may send browsers back */
export async function startOidcServer(redirectUris: readonly string[]): Promise<OidcServer> {
  const people = new Map<string, Known>()
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { clientId: 'tributary', clientSecret: 'a secret between the two: +/%' }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    cookies: { keys: ['of this test alone'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_ctx, sub) => {
      const known = people.get(sub)
      return known === undefined ? undefined : { accountId: sub, claims: () => ({ sub, ...known }) }
    },
    // Nobody is asked whether we may know who they are.
    loadExistingGrant: async ({ oidc }) => {
      const accountId = oidc.session?.accountId ?? ''
      const grant = new oidc.provider.Grant({ accountId, clientId: oidc.client?.clientId ?? '' })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', async (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return answer(request, response)
    if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(PAGE)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const given = new URLSearchParams(Buffer.concat(chunks).toString())
    const result =
      given.get('cancel') === '1'
        ? { error: 'access_denied', error_description: 'They would not.' }
        : { login: { accountId: given.get('person') ?? '' } }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  })
  return {
    issuer,
    ...client,
    people,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A browser in a few lines: keeps cookies by host, follows redirects within the provider. */
export function cookieJar() {
  const cookies = new Map<string, string>()
  return async (address: string, init: RequestInit = {}): Promise<Response> => {
    const { host } = new URL(address)
    const own = [...cookies].filter(([key]) => key.startsWith(`${host} `))
    const cookie = own.map(([key, value]) => `${key.slice(host.length + 1)}=${value}`).join('; ')
    const headers = { ...(init.headers as Record<string, string>), cookie }
    const response = await fetch(address, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(`${host} ${name}`)
      else cookies.set(`${host} ${name}`, value)
    }
    return response
  }
}

/**
 * Signs in at the provider and gives the address to which it sends the browser back.
 * @param person whom the name field gets; null presses the other button
 */
export async function atProvider(
  browse: ReturnType<typeof cookieJar>,
  address: string,
  person: string | null,
): Promise<string> {
  const home = new URL(address).origin
  let next = address
  for (let step = 0; step < 10; step += 1) {
    const response = await browse(next)
    const to = response.headers.get('location')
    if (to === null) {
      const form = new URLSearchParams(person === null ? { cancel: '1' } : { person })
      const sent = await browse(next, { method: 'POST', body: form })
      next = new URL(sent.headers.get('location') ?? '', next).href
    } else next = new URL(to, next).href
    if (new URL(next).origin !== home) return next
  }
  throw new Error(`the provider goes in circles at ${next}`)
}
