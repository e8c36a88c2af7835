import { setTimeout as delay } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { SaxesParser } from 'saxes'

/** How a bucket of an S3-compatible server is reached. */
export interface S3Settings {
  /** Address of the server: `https://s3.us-west-1.amazonaws.com`, `https://minio.example.org:9000`. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Top of the tree in the bucket, without slashes at its ends; empty: the bucket itself. */
  readonly prefix: string
  /** `virtual`: the bucket is part of the host's name; `path`: of the path. */
  readonly style: 'path' | 'virtual'
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The server's answer that something could not be done. */
export class S3Error extends Error {
  readonly status: number
  /** The server's own code, as `NoSuchKey` or `AccessDenied`. */
  readonly code: string
  constructor(status: number, code: string, text: string) {
    super(text)
    this.name = 'S3Error'
    this.status = status
    this.code = code
  }
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Null: the bucket itself. */
  readonly key: string | null
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  /** Statuses that are answers and not errors, besides those of success. */
  readonly allow?: readonly number[]
}

export interface S3Client {
  /**
   * Sends a request, again after a while when the server is busy or away. Throws S3Error, or an error of the network.
   */
  send(request: S3Request): Promise<Response>
  /** Address of an object, as in the header that names the source of a copy. */
  copySource(key: string): string
}

/** Tries of a request in all; the pauses between them double. */
const triesMax = 4
const pauseMs = 200
/** A copy of gigabytes inside the server is silent for minutes. */
const answerMs = 10 * 60_000

export function createS3Client(settings: S3Settings): S3Client {
  const { accessKeyId, secretAccessKey, region, bucket } = settings
  const signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })

  async function once(request: S3Request): Promise<Response> {
    const { method, key, query, headers, body, allow = [] } = request
    const signed = await signer.sign(objectUrl(settings, key, query), {
      method,
      headers: { 'x-amz-content-sha256': await sha256Of(body), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const impatience = new AbortController()
    const timer = setTimeout(() => impatience.abort(new Error('the server did not answer')), answerMs)
    try {
      const response = await fetch(signed, { signal: impatience.signal, redirect: 'error' })
      if (response.ok || allow.includes(response.status)) return response
      throw await errorOf(response, bucket)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async send(request) {
      for (let tries = 1; ; tries += 1)
        try {
          return await once(request)
        } catch (error) {
          // fetch throws TypeError when the server is away or broke off.
          const passes =
            error instanceof S3Error
              ? error.status >= 500 || error.status === 429
              : error instanceof TypeError
          if (!passes) throw error
          if (tries === triesMax) throw reached(error, settings)
          await delay(pauseMs * 2 ** tries * (0.5 + Math.random() / 2))
        }
    },
    copySource: (key) => `/${encoded(bucket)}/${encoded(key)}`,
  }
}

/** Address of an object, or of the bucket. */
export function objectUrl(
  settings: Pick<S3Settings, 'endpoint' | 'bucket' | 'style'>,
  key: string | null,
  query: Readonly<Record<string, string>> = {},
): string {
  const url = new URL(settings.endpoint)
  const top = url.pathname.replace(/\/$/, '')
  if (settings.style === 'virtual') url.hostname = `${settings.bucket}.${url.hostname}`
  const bucket = settings.style === 'virtual' ? '' : `/${encoded(settings.bucket)}`
  url.pathname = `${top}${bucket}/${key === null ? '' : encoded(key)}`
  const search = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encodedPart(value)}`)
  url.search = search.join('&')
  return url.href
}

/** Percent-encodes a key: everything but letters, digits, `-._~` and `/`. */
function encoded(key: string): string {
  return key.split('/').map(encodedPart).join('/')
}

function encodedPart(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

async function sha256Of(body: Uint8Array<ArrayBuffer> | undefined): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', body ?? new Uint8Array())
  return Buffer.from(digest).toString('hex')
}

/** The network's error in words; those of fetch say only that it failed. */
function reached(error: unknown, { endpoint }: S3Settings): unknown {
  if (error instanceof S3Error || !(error instanceof Error)) return error
  const cause = error.cause instanceof Error ? error.cause.message : error.message
  return new Error(`${endpoint} cannot be reached: ${cause}`, { cause: error })
}

async function errorOf(response: Response, bucket: string): Promise<S3Error> {
  const { code, message } = errorIn(await response.text().catch(() => ''))
  const name = code === '' ? `status ${response.status}` : code
  return new S3Error(response.status, code, `the bucket ${bucket} answered ${name}${message}`)
}

function errorIn(xml: string): { code: string; message: string } {
  let code = ''
  let message = ''
  try {
    for (const { path, text } of elementsOf(xml)) {
      if (path === 'Error/Code') code = text.slice(0, 80)
      if (path === 'Error/Message') message = `: ${text.slice(0, 200)}`
    }
  } catch {
    // An answer of a proxy, say; the status tells enough.
  }
  return { code, message }
}

/** Reads the answer to a request that may fail after its status 200 was sent. Throws S3Error. */
export async function answerOf(response: Response): Promise<ReadonlyMap<string, string>> {
  const elements = elementsOf(await response.text())
  const found = new Map(elements.map(({ path, text }) => [path.replace(/^\w+\//, ''), text]))
  if (elements.some(({ path }) => path.startsWith('Error/')))
    throw new S3Error(
      500,
      found.get('Code') ?? '',
      `the server answered ${found.get('Code')}: ${found.get('Message')}`,
    )
  return found
}

export interface XmlElement {
  /** Names from the root, joined by `/`. */
  readonly path: string
  readonly text: string
}

/** The elements of a small document in the order in which they end. Throws on what is no XML. */
export function elementsOf(xml: string): XmlElement[] {
  const elements: XmlElement[] = []
  const open: { name: string; text: string }[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => open.push({ name, text: '' }))
  parser.on('text', (text) => {
    const last = open.at(-1)
    if (last !== undefined) last.text += text
  })
  parser.on('closetag', () => {
    const path = open.map(({ name }) => name).join('/')
    elements.push({ path, text: open.pop()?.text ?? '' })
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
  return elements
}
