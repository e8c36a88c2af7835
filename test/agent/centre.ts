import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Job, Upload } from '../../src/agent/protocol.ts'
import type { Definition } from '../../src/exchange/definition.ts'

/** One request, and a word on it. */
export interface Heard {
  /** `next`, `progress`, `announce`, `send`, `complete`, `state`, `failure`, `definition`, `token`, `me`. */
  readonly call: string
  readonly attempt: string
  readonly body: unknown
}

/**
 * What becomes of a request instead of its answer: `cut` before it has any effect, `cut-after` with its effect and
 * no answer, a number for an answer with that status, null for the ordinary answer.
 */
export type Trouble = 'cut' | 'cut-after' | number | null

interface Taken {
  readonly job: Job
  state: string
  reason: string | null
  upload: Upload | null
  bytes: Buffer
  records: readonly Record<string, unknown>[]
  failure: Record<string, unknown> | null
  completions: number
}

/**
 * The node's side of the agent's protocol as its contract says it, for what a whole node does not do on demand:
 * break off at one certain call, forget an attempt, damage a hash. It keeps what the records add up to.
 */
export interface Centre {
  readonly url: string
  readonly heard: Heard[]
  readonly attempts: Map<string, Taken>
  /** What the centre holds after all uploads, by key. */
  readonly held: Map<string, Record<string, unknown>>
  /** Puts a job in the queue; its attempt's name. */
  offer(job?: Partial<Job>): string
  /** Asked before each request. */
  trouble: (heard: Heard) => Trouble | Promise<Trouble>
  /** Whether uploads are done at once, or stay in processing until `finish`. */
  instantly: boolean
  finish(attempt: string, state?: string): void
  lastMarker(): string | null
  /** Waits until this call was heard of. */
  until(test: (heard: Heard) => boolean, what?: string): Promise<Heard>
  close(): Promise<void>
  open(): Promise<void>
}

export async function startCentre(definition: Definition, keyName = 'VoterNumber'): Promise<Centre> {
  const queue: Job[] = []
  const heard: Heard[] = []
  const attempts = new Map<string, Taken>()
  const held = new Map<string, Record<string, unknown>>()
  const watchers: { test: (one: Heard) => boolean; done: (one: Heard) => void }[] = []
  let marker: string | null = null
  let number = 0
  let port = 0
  let server = createServer(serve)

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const { call, attempt } = named(request.method ?? '', path)
    const pieces: Buffer[] = []
    const patch = request.method === 'PATCH'
    try {
      // What arrives of a cut upload counts, as with the real node.
      for await (const piece of request) {
        pieces.push(piece as Buffer)
        if (patch) keep(attempt, Number(request.headers['upload-offset']), pieces)
      }
    } catch {
      return
    }
    const text = Buffer.concat(pieces)
    const body: unknown =
      patch || text.length === 0 || path.includes('oauth') ? null : JSON.parse(text.toString())
    const one = { call, attempt, body }
    heard.push(one)
    for (const watcher of [...watchers]) if (watcher.test(one)) watcher.done(one)
    const trouble = await centre.trouble(one)
    if (trouble === 'cut') {
      request.socket.destroy()
      return
    }
    const [status, answer] =
      typeof trouble === 'number'
        ? [trouble, { code: 'TROUBLE', detail: 'Trouble.' }]
        : await reply(one, request)
    if (trouble === 'cut-after') {
      request.socket.destroy()
      return
    }
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type }).end(answer === null ? '' : JSON.stringify(answer))
  }

  function keep(attempt: string, offset: number, pieces: Buffer[]): void {
    const taken = attempts.get(attempt)
    if (taken === undefined || offset > taken.bytes.length) return
    const fresh = Buffer.concat(pieces)
    const end = offset + fresh.length
    if (end > taken.bytes.length) taken.bytes = Buffer.concat([taken.bytes.subarray(0, offset), fresh])
  }

  async function reply({ call, attempt, body }: Heard, request: IncomingMessage): Promise<[number, unknown]> {
    if (call === 'token') return [200, { access_token: 'token', token_type: 'Bearer', expires_in: 900 }]
    if (request.headers.authorization !== 'Bearer token')
      return [401, { code: 'NOT_SIGNED_IN', detail: 'No.' }]
    if (call === 'me')
      return [
        200,
        {
          name: 'agent',
          partner: 'north',
          grants: [{ exchange: definition.exchange, grants: ['submit'] }],
        },
      ]
    if (call === 'definition') return [200, definition]
    if (call === 'next') return next(body as { batches: { exchange: string }[]; waitSeconds: number })
    const taken = attempts.get(attempt)
    if (taken === undefined) return [404, { code: 'NOT_FOUND', detail: 'There is no such attempt.' }]
    return ofAttempt(call, taken, body, request)
  }

  async function next(body: {
    batches: { exchange: string }[]
    waitSeconds: number
  }): Promise<[number, unknown]> {
    const until = Date.now() + body.waitSeconds * 1000
    for (;;) {
      const at = queue.findIndex(({ exchange }) => body.batches.some((batch) => batch.exchange === exchange))
      const [job] = at === -1 ? [] : queue.splice(at, 1)
      if (job !== undefined) {
        const since = job.since === '' ? marker : job.since
        const taken: Taken = {
          job: { ...job, since },
          state: 'taken',
          reason: null,
          upload: null,
          bytes: Buffer.alloc(0),
          records: [],
          failure: null,
          completions: 0,
        }
        attempts.set(job.attempt, taken)
        return [200, taken.job]
      }
      if (Date.now() >= until) return [204, null]
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  function ofAttempt(call: string, taken: Taken, body: unknown, request: IncomingMessage): [number, unknown] {
    const lost: [number, unknown] = [409, { code: 'JOB_LOST', detail: 'A newer attempt has begun.' }]
    if (call === 'state') {
      const { state, reason } = taken
      return [200, { state, reason, tracking: 'T-1', counts: null, retryAt: null }]
    }
    if (call === 'failure') {
      taken.failure = body as Record<string, unknown>
      taken.state = 'failed'
      return [200, {}]
    }
    if (taken.state === 'lost') return lost
    switch (call) {
      case 'progress':
        // Once the file is here, nothing takes it back.
        if (taken.completions === 0) taken.state = (body as { state: string }).state
        return [200, { leaseSeconds: 30 }]
      case 'announce': {
        const upload = body as Upload
        if (taken.upload?.sha256 !== upload.sha256) taken.bytes = Buffer.alloc(0)
        taken.upload = upload
        return [200, { offset: taken.completions > 0 ? upload.bytes : taken.bytes.length }]
      }
      case 'send': {
        const offset = taken.bytes.length
        if (Number(request.headers['upload-offset']) > offset) return [409, { code: 'CONFLICT', offset }]
        return [200, { offset }]
      }
      default:
        return complete(taken)
    }
  }

  function complete(taken: Taken): [number, unknown] {
    const { upload, bytes } = taken
    if (taken.completions === 0) {
      if (upload === null || createHash('sha256').update(bytes).digest('hex') !== upload.sha256) {
        taken.bytes = Buffer.alloc(0)
        return [422, { code: 'UPLOAD_HASH_WRONG', detail: 'The hash is another.' }]
      }
      taken.records = recordsOf(gunzipSync(bytes).toString())
      if (taken.job.extract === 'full') held.clear()
      for (const record of taken.records) {
        const key = String(record[keyName])
        if (record.Action === 'D') held.delete(key)
        else held.set(key, record)
      }
      taken.state = 'processing'
      if (centre.instantly) centre.finish(taken.job.attempt)
    }
    taken.completions += 1
    return [200, { tracking: 'T-1', acknowledgement: null, deletable: true }]
  }

  const centre: Centre = {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    heard,
    attempts,
    held,
    trouble: () => null,
    instantly: true,
    offer(job = {}) {
      number += 1
      const attempt = `attempt-${number}`
      queue.push({
        attempt,
        job: 'nightly',
        exchange: definition.exchange,
        realm: 'live',
        extract: 'changes',
        since: '',
        definitionHash: definition.hash,
        leaseSeconds: 30,
        arriveBy: new Date(Date.now() + 3_600_000).toISOString(),
        attemptNumber: 1,
        ...job,
      })
      return job.attempt ?? attempt
    },
    finish(attempt, state = 'done') {
      const taken = attempts.get(attempt)
      if (taken === undefined) throw new Error(`no attempt ${attempt}`)
      taken.state = state
      if (state === 'done') marker = taken.upload?.marker ?? null
    },
    lastMarker: () => marker,
    until(test, what = 'a call') {
      const before = heard.find(test)
      if (before !== undefined) return Promise.resolve(before)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${what} did not come; heard: ${heard.map(({ call }) => call).join(' ')}`)),
          40_000,
        )
        const watcher = {
          test,
          done: (one: Heard) => {
            clearTimeout(timer)
            watchers.splice(watchers.indexOf(watcher), 1)
            resolve(one)
          },
        }
        watchers.push(watcher)
      })
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    async open() {
      server = createServer(serve)
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
      port = (server.address() as AddressInfo).port
    },
  }
  await centre.open()
  return centre
}

const attemptPath = /^\/v1\/agent\/attempts\/([^/]+)(?:\/(.+))?$/

function named(method: string, path: string): { call: string; attempt: string } {
  const found = attemptPath.exec(path)
  if (found !== null) {
    const [, attempt = '', rest] = found
    if (rest === undefined) return { call: 'state', attempt }
    if (rest === 'upload') return { call: method === 'PATCH' ? 'send' : 'announce', attempt }
    return { call: rest === 'upload/complete' ? 'complete' : rest, attempt }
  }
  const calls: Record<string, string> = {
    '/v1/oauth/token': 'token',
    '/v1/me': 'me',
    '/v1/agent/next': 'next',
  }
  return { call: calls[path] ?? (path.endsWith('/definition') ? 'definition' : path), attempt: '' }
}

function recordsOf(text: string): readonly Record<string, unknown>[] {
  if (text.startsWith('[')) return JSON.parse(text) as Record<string, unknown>[]
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
