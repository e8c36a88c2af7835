import * as oidc from 'openid-client'
import { plainAddress } from './provider-address.ts'

/** What is needed to speak with a provider. */
export interface ProviderAccess {
  readonly issuer: string
  readonly clientId: string
  /** Null: a client without one. */
  readonly clientSecret: string | null
}

/** What must be remembered between sending a browser away and its coming back. */
export interface Expected {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Who the provider says is there, or what went wrong: `detail` is a word of the protocol, for the audit log. */
export type ProviderAnswer =
  | { readonly ok: true; readonly subject: string; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: 'cancelled' | 'late' | 'away' | 'wrong'; readonly detail: string }

const timeoutSeconds = 8
const answerBytesMax = 2 ** 20
/** What a provider says of itself is asked for again after this long; when it is away, sooner. */
const knownMs = 10 * 60_000
const awayMs = 10_000
const providersMax = 200

/** What we ourselves find wrong with a provider, in words. */
class Trouble extends Error {}

type Known = { readonly config: Promise<oidc.Configuration>; until: number }

/** Speaks OpenID Connect with providers: authorization code, PKCE and nonce; answers are bounded in time and size. */
export function createProviderClient(now: () => number) {
  const known = new Map<string, Known>()

  return {
    /** Asks the provider what it is, whatever is remembered. Throws as the library does; see `troubleOf`. */
    async look(access: ProviderAccess): Promise<void> {
      known.delete(keyOf(access))
      const metadata = (await configOf(access)).serverMetadata()
      const { issuer, authorization_endpoint, token_endpoint, jwks_uri } = metadata
      if (issuer.includes('{'))
        throw new Trouble('It serves many organisations: give the issuer of your own.')
      if (!authorization_endpoint || !token_endpoint || !jwks_uri)
        throw new Trouble('It does not say where people sign in and where its keys are.')
    },

    /** Where the browser is sent, and what to expect when it comes back. */
    async begin(
      access: ProviderAccess,
      scopes: readonly string[],
      redirectUri: string,
    ): Promise<{ readonly address: string; readonly expected: Expected }> {
      const config = await configOf(access)
      const verifier = oidc.randomPKCECodeVerifier()
      const expected = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier }
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: expected.state,
        nonce: expected.nonce,
      })
      assertSafe(address)
      return { address: address.href, expected }
    },

    /** @param came the address at which the browser came back, with the provider's answer in its query */
    async finish(
      access: ProviderAccess,
      came: URL,
      { state, nonce, verifier }: Expected,
      claim: string,
    ): Promise<ProviderAnswer> {
      try {
        const config = await configOf(access)
        const tokens = await oidc.authorizationCodeGrant(config, came, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined) return { ok: false, why: 'wrong', detail: 'no id token' }
        // Many providers keep what they know of a person apart from who it is.
        const more =
          claims[claim] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
            ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
            : {}
        return { ok: true, subject: claims.sub, claims: { ...more, ...claims } }
      } catch (error) {
        return refusalOf(error)
      }
    },
  }

  function configOf(access: ProviderAccess): Promise<oidc.Configuration> {
    const key = keyOf(access)
    const found = known.get(key)
    if (found !== undefined && found.until > now()) return found.config
    if (known.size >= providersMax) known.clear()
    const made: Known = { config: discover(access), until: now() + knownMs }
    made.config.catch(() => {
      made.until = now() + awayMs
    })
    known.set(key, made)
    return made.config
  }
}

async function discover({ issuer, clientId, clientSecret }: ProviderAccess): Promise<oidc.Configuration> {
  const address = new URL(issuer)
  const config = await oidc.discovery(address, clientId, undefined, oidc.None(), {
    timeout: timeoutSeconds,
    [oidc.customFetch]: boundedFetch,
    execute: plainAddress(address) ? [oidc.allowInsecureRequests] : [],
  })
  // How the secret is sent is known only now.
  const metadata = config.serverMetadata()
  const ready = new oidc.Configuration(metadata, clientId, undefined, authOf(clientSecret, metadata))
  ready.timeout = timeoutSeconds
  ready[oidc.customFetch] = boundedFetch
  if (plainAddress(address)) oidc.allowInsecureRequests(ready)
  // The signature is checked although the token comes by an encrypted connection.
  oidc.enableNonRepudiationChecks(ready)
  return ready
}

/** As the protocol has it, in the header, unless the provider takes it in the body alone. */
function authOf(secret: string | null, metadata: oidc.ServerMetadata): oidc.ClientAuth {
  if (secret === null) return oidc.None()
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return methods.includes('client_secret_basic') || !methods.includes('client_secret_post')
    ? oidc.ClientSecretBasic(secret)
    : oidc.ClientSecretPost(secret)
}

/** A provider is asked over an encrypted connection, or on this machine. */
function assertSafe(address: URL): void {
  const safe = address.protocol === 'https:' || plainAddress(address)
  if (!safe) throw new Trouble('It names an address that is not https.')
}

const boundedFetch: oidc.CustomFetch = async (url, options) => {
  assertSafe(new URL(url))
  const { body = null, ...rest } = options
  const response = await fetch(url, { ...rest, body: body as RequestInit['body'] & (string | null) })
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > answerBytesMax) throw new Error('Its answer is too large.')
    chunks.push(chunk)
  }
  const { status, statusText, headers } = response
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : Buffer.concat(chunks), { status, statusText, headers })
}

function refusalOf(error: unknown): Extract<ProviderAnswer, { ok: false }> {
  if (error instanceof oidc.AuthorizationResponseError) {
    const detail = word(error.error)
    if (/^(access_denied|login_required|interaction_required|consent_required)$/.test(detail))
      return { ok: false, why: 'cancelled', detail }
    return {
      ok: false,
      why: /^(server_error|temporarily_unavailable)$/.test(detail) ? 'away' : 'wrong',
      detail,
    }
  }
  if (error instanceof oidc.ResponseBodyError) {
    const detail = word(error.error)
    return { ok: false, why: detail === 'invalid_grant' ? 'late' : 'wrong', detail }
  }
  const code = word(codeOf(error))
  return { ok: false, why: AWAY.test(code) ? 'away' : 'wrong', detail: code }
}

const AWAY = /^(OAUTH_TIMEOUT|TimeoutError|E[A-Z]+|UND_ERR.*|OAUTH_RESPONSE_IS_NOT_(?:JSON|CONFORM))$/

/** What kept us from speaking with a provider, in words for whoever set it up. */
export function troubleOf(error: unknown): string {
  const own = troubleIn(error)
  if (own !== null) return own.message
  const code = codeOf(error)
  if (code === 'TimeoutError' || code === 'OAUTH_TIMEOUT')
    return `It did not answer within ${timeoutSeconds} seconds.`
  if (code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED') return 'It calls itself by another issuer.'
  if (code.startsWith('OAUTH_'))
    return 'There is no provider: nothing good stands at /.well-known/openid-configuration below it.'
  return code === '' ? 'It cannot be reached.' : `It cannot be reached (${word(code)}).`
}

/** The library wraps what is thrown while it fetches. */
function troubleIn(error: unknown): Trouble | null {
  if (error instanceof Trouble) return error
  return error instanceof Error ? troubleIn(error.cause) : null
}

/** The innermost code of an error, which says most. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const inner = error.cause instanceof Error ? codeOf(error.cause) : ''
  if (inner !== '') return inner
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name === 'TimeoutError' ? error.name : ''
}

function word(text: string): string {
  return /^[\w.-]{1,60}$/.test(text) ? text : 'unknown'
}

function keyOf({ issuer, clientId, clientSecret }: ProviderAccess): string {
  return JSON.stringify([issuer, clientId, clientSecret])
}
