import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema.ts'

export type Schemas = components['schemas']
export type Submission = Schemas['Submission']
export type Finding = Schemas['Finding']
export type Me = Schemas['Me']
export type Realm = 'live' | 'test'
export type Grant = Me['grants'][number]['grants'][number]

/** What the node says when it refuses, or what we say when it cannot be reached. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly more: Readonly<Record<string, unknown>>
  constructor(status: number, code: string, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.more = more
  }
}

/** When a person last had the node do something: its own clock of idleness starts then. */
let usedAt = Date.now()
export const lastUse = (): number => usedAt

/** When a person last touched anything. A page that refreshes itself long after that is no use of the session. */
let touchedAt = Date.now()
const QUIET_MS = 60_000
function noteTouch(): void {
  touchedAt = Date.now()
}
for (const event of ['pointerdown', 'keydown'])
  window.addEventListener(event, noteTouch, { capture: true, passive: true })

const OURS = { 'x-requested-with': 'tributary' }

const noteUse: Middleware = {
  onRequest({ request }) {
    if (Date.now() - touchedAt > QUIET_MS) request.headers.set('x-background', '1')
    return undefined
  },
  onResponse({ request, response }) {
    if (response.ok && !request.headers.has('x-background')) usedAt = Date.now()
    return undefined
  },
}

/** The node's REST API, typed from its own description. */
export const api = createClient<paths>({ baseUrl: window.location.origin, headers: OURS })
api.use(noteUse)

interface Answer<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}

/** The data of an answer. Throws ApiProblem for anything but success. */
export async function dataOf<T>(answering: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answering.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiProblem(0, 'UNREACHABLE', '')
  })
  if (!response.ok) throw problemOf(response.status, error)
  return data as T
}

/** A problem as the node describes it (RFC 9457), or as far as it does. */
export function problemOf(status: number, body: unknown): ApiProblem {
  if (typeof body !== 'object' || body === null) return new ApiProblem(status, 'UNEXPECTED', '')
  const { code, detail, ...more } = body as Record<string, unknown>
  return new ApiProblem(
    status,
    typeof code === 'string' ? code : 'UNEXPECTED',
    typeof detail === 'string' ? detail : '',
    more,
  )
}

/**
 * Sends a file as it is, telling how far it is.
 * @param share of its bytes that are on their way, 0 to 1
 */
export function uploadFile(
  path: string,
  file: File,
  headers: Readonly<Record<string, string>>,
  share: (share: number) => void,
  signal: AbortSignal,
): Promise<Submission> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.responseType = 'json'
    for (const [name, value] of Object.entries({ ...OURS, ...headers })) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => share(total === 0 ? 0 : loaded / total)
    request.onload = () => {
      if (request.status < 300) resolve(request.response as Submission)
      else reject(problemOf(request.status, request.response))
    }
    request.onerror = () => reject(new ApiProblem(0, 'UNREACHABLE', ''))
    request.onabort = () => reject(new DOMException('', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
