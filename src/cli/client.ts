import type { Readable } from 'node:stream'
import { CommandError, exitOfStatus } from './exits.ts'
import type { Profile } from './profile.ts'

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** The node's REST API, as one account. Errors are CommandErrors with the node's own words. */
export interface Client {
  get<T>(path: string, query?: Query): Promise<T>
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>
  /** Sends bytes as they come. */
  upload<T>(
    path: string,
    query: Query,
    bytes: AsyncIterable<Uint8Array>,
    headers: Record<string, string>,
    method?: 'POST' | 'PUT',
  ): Promise<T>
  /**
   * A download: its file name as the node suggests, its size where the node says it, and its bytes.
   * @param accept content type that is wanted, where the node has several
   */
  download(
    path: string,
    accept?: string,
  ): Promise<{
    readonly fileName: string
    readonly bytesTotal: number | null
    readonly bytes: AsyncIterable<Uint8Array>
  }>
  text(path: string): Promise<string>
  /** Server-sent events until the node ends them. */
  events<T>(path: string): AsyncGenerator<{ readonly event: string; readonly data: T }>
  /** Goes through the pages of a list, `limit` items in all at most. */
  list<T>(path: string, query: Query, limit: number): AsyncGenerator<T>
}

const pageItemsMax = 1000

export function createClient(profile: Profile): Client {
  let token: string | null = null

  async function call(path: string, request: RequestInit, signedIn = true): Promise<Response> {
    token ??= await usableToken(profile)
    const headers = new Headers(request.headers)
    headers.set('authorization', `Bearer ${token}`)
    const response = await reach(`${profile.url}${path}`, { ...request, headers })
    if (response.ok) return response
    // A token lives for minutes; a long command outlives it. A body that streams cannot be sent twice.
    if (response.status === 401 && signedIn && !(request.body instanceof ReadableStream)) {
      token = null
      return call(path, request, false)
    }
    throw await problemOf(response)
  }

  const client: Client = {
    async get<T>(path: string, query: Query = {}) {
      return (await (await call(withQuery(path, query), {})).json()) as T
    },
    async send<T>(method: string, path: string, body?: unknown) {
      const content =
        body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const text = await (await call(path, { method, ...content })).text()
      return (text === '' ? {} : JSON.parse(text)) as T
    },
    async upload<T>(
      path: string,
      query: Query,
      bytes: AsyncIterable<Uint8Array>,
      headers: Record<string, string>,
      method = 'POST',
    ) {
      // Signing in first: a refusal in the middle of a long upload would cost all of it.
      token = await usableToken(profile)
      const request = { method, headers, body: ReadableStream.from(bytes), duplex: 'half' as const }
      return (await (await call(withQuery(path, query), request)).json()) as T
    },
    async download(path: string, accept?: string) {
      const response = await call(path, accept === undefined ? {} : { headers: { accept } })
      const length = response.headers.get('content-length')
      // The length of a compressed body says nothing about what is read from it.
      const known = length !== null && !response.headers.has('content-encoding')
      return {
        fileName: suggestedName(response),
        bytesTotal: known ? Number(length) : null,
        bytes: bodyOf(response),
      }
    },
    async text(path: string) {
      return (await call(path, {})).text()
    },
    async *events<T>(path: string) {
      const response = await call(path, { headers: { accept: 'text/event-stream' } })
      for await (const { event, data } of readEvents(bodyOf(response)))
        yield { event, data: JSON.parse(data) as T }
    },
    async *list<T>(path: string, query: Query, limit: number) {
      let left = limit
      let after: string | null = null
      do {
        const page: Page<T> = await client.get(path, { ...query, limit: Math.min(left, pageItemsMax), after })
        yield* page.items
        left -= page.items.length
        after = page.next
      } while (after !== null && left > 0)
    },
  }
  return client
}

/** A token that is good for everything. */
async function usableToken(profile: Profile): Promise<string> {
  const { token, mustChangePassword } = await signIn(profile)
  if (mustChangePassword)
    throw new CommandError(
      'refused',
      'The password was for one use and must be changed.',
      'Run tributary login.',
    )
  return token
}

/**
 * A token by client credentials (RFC 6749 §4.4); a person's name and password will do as well.
 * Throws CommandError when the node does not accept them.
 */
export async function signIn(
  profile: Profile,
): Promise<{ readonly token: string; readonly mustChangePassword: boolean }> {
  const credentials = `${encodeURIComponent(profile.clientId)}:${encodeURIComponent(profile.clientSecret)}`
  const response = await reach(`${profile.url}/v1/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  if (response.status === 400 || response.status === 401)
    throw new CommandError(
      'refused',
      `The node at ${profile.url} does not accept account ${profile.clientId} with this secret.`,
      'Run tributary login again.',
      'NOT_SIGNED_IN',
    )
  if (!response.ok) throw await problemOf(response)
  const answer = (await response.json()) as { access_token: string; must_change_password?: boolean }
  return { token: answer.access_token, mustChangePassword: answer.must_change_password === true }
}

/** Puts a new password in the place of the account's present one. */
export async function changePassword(profile: Profile, newPassword: string): Promise<void> {
  const { clientId: account, clientSecret: password } = profile
  const response = await reach(`${profile.url}/v1/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password, newPassword }),
  })
  if (!response.ok) throw await problemOf(response)
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : ''
    throw new CommandError(
      'unreachable',
      `The node at ${new URL(url).origin} does not answer (${reason}).`,
      'Is it running, and is the address right?',
    )
  }
}

/** The node's problem details (RFC 9457) as an error of the command. */
async function problemOf(response: Response): Promise<CommandError> {
  const text = await response.text().catch(() => '')
  const problem = parsed(text)
  const wait = response.headers.get('retry-after')
  return new CommandError(
    exitOfStatus(response.status),
    problem.detail ?? problem.title ?? `The node answered ${response.status}.`,
    wait === null ? null : `Try again in ${wait} s.`,
    problem.code ?? String(response.status),
  )
}

function parsed(text: string): { detail?: string; title?: string; code?: string } {
  try {
    return JSON.parse(text) as object
  } catch {
    return {}
  }
}

/** A path with what is given of its query. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined) search.set(name, String(value))
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

function suggestedName(response: Response): string {
  const header = response.headers.get('content-disposition') ?? ''
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1]
  const plain = /filename="?([^";]+)"?/i.exec(header)?.[1]
  const name = extended === undefined ? (plain ?? 'download') : decodeURIComponent(extended)
  // Only a name: what a server suggests must not choose the folder.
  return (
    name
      .split(/[\\/]/)
      .at(-1)
      ?.replaceAll(/[^\w .()-]/g, '_') || 'download'
  )
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) yield chunk
  } catch {
    throw new CommandError('unreachable', 'The connection to the node broke.', 'Try again.')
  }
}

/** Parses an event stream (WHATWG HTML §9.2): `event` and `data` lines, a blank line ends an event. */
export async function* readEvents(
  bytes: AsyncIterable<Uint8Array> | Readable,
): AsyncGenerator<{ readonly event: string; readonly data: string }> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of bytes) {
    const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true }).replaceAll('\r', '')).split(
      '\n\n',
    )
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split('\n')
      const of = (name: string) =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart())
      const data = of('data').join('\n')
      if (data !== '') yield { event: of('event').at(-1) ?? 'message', data }
    }
  }
}
