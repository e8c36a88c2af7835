import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An S3 server for tests: the part of the protocol that a file tree uses, strictly. Each request must be signed
 * (Signature Version 4) over the body's true hash; unknown requests and headers that it does not heed are refused.
 */
export interface S3Server {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Keys in the bucket, in order. */
  keys(): string[]
  text(key: string): string | null
  /** Puts an object as somebody else would. */
  upload(key: string, body: string | Uint8Array, modified?: Date): void
  /** Requests so far, as `PUT /bucket/key`. */
  readonly log: string[]
  /** Called before each request is carried out: may answer a status instead, or `cut` the answer short. */
  before: (request: string) => number | 'cut' | 'lose' | null
  /** Uploads in parts that were neither completed nor abandoned. */
  pendingUploads(): number
  close(): Promise<void>
}

interface Stored {
  readonly body: Buffer
  readonly etag: string
  readonly modified: Date
  readonly meta: Readonly<Record<string, string>>
}

interface Upload {
  readonly key: string
  readonly meta: Readonly<Record<string, string>>
  readonly parts: Map<number, { body: Buffer; etag: string }>
}

interface Options {
  /** Objects on a page of a listing. */
  readonly pageMax?: number
  /** Least size of a part that is not the last. */
  readonly partBytesMin?: number
  /** Refuses conditions on etags, as some servers do for objects that were sent in parts. */
  readonly refusesConditions?: boolean
}

interface State {
  readonly options: Required<Options>
  readonly objects: Map<string, Stored>
  readonly uploads: Map<string, Upload>
  readonly credentials: { readonly id: string; readonly secret: string; readonly region: string }
}

interface Call {
  readonly method: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

const bucket = 'deliveries'

export async function startS3(options: Options = {}): Promise<S3Server> {
  const state: State = {
    options: { pageMax: 1000, partBytesMin: 5 * 2 ** 20, refusesConditions: false, ...options },
    objects: new Map(),
    uploads: new Map(),
    credentials: { id: 'AKIDEXAMPLE', secret: randomBytes(20).toString('base64'), region: 'us-west-1' },
  }
  const log: string[] = []
  const server = createServer((request, response) => {
    serve(state, request)
      .then((answer) => reply(request, response, answer))
      .catch((error: unknown) => response.destroy(error as Error))
  })

  async function reply(request: IncomingMessage, response: ServerResponse, carryOut: () => Answer) {
    const line = `${request.method} ${decodeURIComponent(request.url ?? '')}`
    log.push(line)
    const verdict = self.before(line)
    const answer = typeof verdict === 'number' ? { status: verdict } : answered(carryOut)
    if (verdict === 'lose') {
      response.destroy()
      return
    }
    const body = Buffer.from(answer.body ?? '')
    const length = request.method === 'HEAD' ? {} : { 'content-length': String(body.length) }
    response.writeHead(answer.status, { ...length, ...answer.headers })
    if (verdict === 'cut') response.write(body.subarray(0, body.length / 2), () => response.destroy())
    else response.end(request.method === 'HEAD' ? '' : body)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const self: S3Server = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    region: state.credentials.region,
    accessKeyId: state.credentials.id,
    secretAccessKey: state.credentials.secret,
    keys: () => [...state.objects.keys()].sort(),
    text: (key) => state.objects.get(key)?.body.toString() ?? null,
    upload(key, body, modified = new Date()) {
      const bytes = Buffer.from(body as Uint8Array)
      state.objects.set(key, { body: bytes, etag: quotedMd5(bytes), modified, meta: {} })
    },
    log,
    before: () => null,
    pendingUploads: () => state.uploads.size,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return self
}

/** Reads and checks a request; gives what carries it out. */
async function serve(state: State, request: IncomingMessage): Promise<() => Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  return () => {
    const url = new URL(request.url ?? '/', 'http://server')
    const headers = request.headers as Record<string, string>
    checkSignature(state, request.method ?? '', url, headers, body)
    const [, named = '', ...rest] = decodeURIComponent(url.pathname).split('/')
    if (named !== bucket) throw new Refusal(404, 'NoSuchBucket')
    const key = rest.join('/')
    if (Buffer.byteLength(key) > 1024) throw new Refusal(400, 'KeyTooLongError')
    return carryOut(state, { method: request.method ?? '', key, query: url.searchParams, headers, body })
  }
}

function answered(carryOut: () => Answer): Answer {
  try {
    return carryOut()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: error.status, body: `<Error><Code>${error.code}</Code><Message>no</Message></Error>` }
  }
}

/** Signature Version 4, as its documentation describes it. */
function checkSignature(
  { credentials: { id, secret, region } }: State,
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): void {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (found === null) throw new Refusal(403, 'AccessDenied')
  const [, name, day = '', place, signed = '', signature = ''] = found
  if (name !== id) throw new Refusal(403, 'InvalidAccessKeyId')
  if (place !== region) throw new Refusal(400, 'AuthorizationHeaderMalformed')
  const names = signed.split(';')
  const needed = ['host', ...Object.keys(headers).filter((header) => header.startsWith('x-amz-'))]
  if (needed.some((header) => !names.includes(header))) throw new Refusal(403, 'AccessDenied')
  if (headers['x-amz-content-sha256'] !== sha256(body)) throw new Refusal(400, 'XAmzContentSHA256Mismatch')
  const md5 = headers['content-md5']
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    throw new Refusal(400, 'BadDigest')
  const date = headers['x-amz-date'] ?? ''
  const at = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(Date.now() - at) < 15 * 60_000)) throw new Refusal(403, 'RequestTimeTooSkewed')
  const path = url.pathname.split('/').map((part) => encode(decodeURIComponent(part)))
  const query = [...url.searchParams].map((pair) => pair.map(encode).join('=')).sort()
  const lines = names.map((header) => `${header}:${(headers[header] ?? '').trim().replace(/ +/g, ' ')}\n`)
  const canonical = [method, path.join('/'), query.join('&'), lines.join(''), signed, sha256(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', date, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secret}`)
  if (!timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex')))
    throw new Refusal(403, 'SignatureDoesNotMatch')
}

function carryOut(state: State, call: Call): Answer {
  const { method, key, query, headers } = call
  if (key === '') {
    if (method === 'GET' && query.get('list-type') === '2') return listing(state, query)
    throw new Refusal(501, 'NotImplemented')
  }
  if (query.has('uploads') || query.has('uploadId')) return multipart(state, call)
  if ([...query].length > 0) throw new Refusal(501, 'NotImplemented')
  const there = state.objects.get(key)
  if (method === 'HEAD' || method === 'GET') return reading(there, headers)
  if (method === 'DELETE') {
    if (there === undefined) return { status: 204 }
    checkCondition(state, headers['if-match'], there.etag)
    state.objects.delete(key)
    return { status: 204 }
  }
  if (method !== 'PUT') throw new Refusal(405, 'MethodNotAllowed')
  const source = headers['x-amz-copy-source']
  if (source === undefined) {
    const etag = store(state, key, call.body, metaOf(headers))
    return { status: 200, headers: { etag } }
  }
  if (headers['x-amz-metadata-directive'] !== 'REPLACE') throw new Refusal(400, 'InvalidRequest')
  for (const [name, value] of Object.entries(metaOf(headers)))
    if (value.length > 256) throw new Refusal(400, `MetadataTooLarge: ${name}`)
  const etag = store(state, key, sourceOf(state, headers).body, metaOf(headers))
  return {
    status: 200,
    body: `<?xml version="1.0"?><CopyObjectResult><ETag>${xml(etag)}</ETag></CopyObjectResult>`,
  }
}

function reading(there: Stored | undefined, headers: Readonly<Record<string, string>>): Answer {
  if (there === undefined) throw new Refusal(404, 'NoSuchKey')
  const { body, etag, modified, meta } = there
  if ((headers['if-match'] ?? etag) !== etag) throw new Refusal(412, 'PreconditionFailed')
  const shown = { etag, 'last-modified': modified.toUTCString(), ...meta }
  const range = /^bytes=(\d+)-$/.exec(headers.range ?? '')
  if (range === null)
    return { status: 200, headers: { ...shown, 'content-length': String(body.length) }, body }
  return { status: 206, headers: shown, body: body.subarray(Number(range[1])) }
}

function multipart(state: State, { method, key, query, headers, body }: Call): Answer {
  if (method === 'POST' && query.has('uploads')) {
    const id = randomBytes(8).toString('hex')
    state.uploads.set(id, { key, meta: metaOf(headers), parts: new Map() })
    const result = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
    return { status: 200, body: result }
  }
  const id = query.get('uploadId') ?? ''
  const upload = state.uploads.get(id)
  if (upload === undefined || upload.key !== key) throw new Refusal(404, 'NoSuchUpload')
  if (method === 'DELETE') {
    state.uploads.delete(id)
    return { status: 204 }
  }
  if (method === 'PUT') {
    const number = Number(query.get('partNumber'))
    if (!(number >= 1 && number <= 10_000)) throw new Refusal(400, 'InvalidArgument')
    const copied = headers['x-amz-copy-source'] !== undefined
    const part = copied ? sourceRange(state, headers) : body
    const etag = quotedMd5(part)
    upload.parts.set(number, { body: part, etag })
    const result = `<CopyPartResult><ETag>${xml(etag)}</ETag></CopyPartResult>`
    return copied ? { status: 200, body: result } : { status: 200, headers: { etag } }
  }
  return complete(state, id, upload, body.toString())
}

function complete(state: State, id: string, { key, meta, parts }: Upload, text: string): Answer {
  const asked = [...text.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)]
  const bodies = asked.map(([, number, etag], index) => {
    const part = parts.get(Number(number))
    if (part === undefined || xml(part.etag) !== etag || Number(number) !== index + 1)
      throw new Refusal(400, 'InvalidPart')
    if (index < asked.length - 1 && part.body.length < state.options.partBytesMin)
      throw new Refusal(400, 'EntityTooSmall')
    return part.body
  })
  if (bodies.length === 0) throw new Refusal(400, 'MalformedXML')
  const etag = store(state, key, Buffer.concat(bodies), meta, `-${bodies.length}`)
  state.uploads.delete(id)
  const result = `<CompleteMultipartUploadResult><ETag>${xml(etag)}</ETag></CompleteMultipartUploadResult>`
  return { status: 200, body: result }
}

function listing({ objects, options }: State, query: URLSearchParams): Answer {
  if (query.get('encoding-type') !== 'url') throw new Refusal(501, 'NotImplemented')
  const prefix = query.get('prefix') ?? ''
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
  const entries = new Map<string, string>()
  for (const [key, { body, etag, modified }] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix)) continue
    const rest = key.slice(prefix.length)
    const end = query.get('delimiter') === '/' ? rest.indexOf('/') : -1
    const folder = `${prefix}${rest.slice(0, end + 1)}`
    if (end >= 0) entries.set(folder, `<CommonPrefixes><Prefix>${encode(folder)}</Prefix></CommonPrefixes>`)
    else
      entries.set(
        key,
        `<Contents><Key>${encode(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>${xml(etag)}</ETag><Size>${body.length}</Size></Contents>`,
      )
  }
  const rest = [...entries].filter(([name]) => name > after)
  const page = rest.slice(0, options.pageMax)
  const last = Buffer.from(page.at(-1)?.[0] ?? '').toString('base64')
  const more = page.length < rest.length ? `<NextContinuationToken>${last}</NextContinuationToken>` : ''
  const result = `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${more !== ''}</IsTruncated>${more}${page.map(([, text]) => text).join('')}</ListBucketResult>`
  return { status: 200, body: result }
}

function sourceOf(state: State, headers: Readonly<Record<string, string>>): Stored {
  const path = decodeURIComponent(headers['x-amz-copy-source'] ?? '')
  const source = state.objects.get(path.replace(`/${bucket}/`, ''))
  if (source === undefined) throw new Refusal(404, 'NoSuchKey')
  checkCondition(state, headers['x-amz-copy-source-if-match'], source.etag)
  return source
}

function checkCondition({ options }: State, asked: string | undefined, etag: string): void {
  if (asked !== undefined && (options.refusesConditions || asked !== etag))
    throw new Refusal(412, 'PreconditionFailed')
}

function sourceRange(state: State, headers: Readonly<Record<string, string>>): Buffer {
  const { body } = sourceOf(state, headers)
  const range = /^bytes=(\d+)-(\d+)$/.exec(headers['x-amz-copy-source-range'] ?? '')
  if (range === null || Number(range[2]) >= body.length) throw new Refusal(400, 'InvalidRange')
  return body.subarray(Number(range[1]), Number(range[2]) + 1)
}

function store(
  { objects }: State,
  key: string,
  body: Buffer,
  meta: Readonly<Record<string, string>>,
  mark = '',
): string {
  const etag = quotedMd5(body).replace(/"$/, `${mark}"`)
  objects.set(key, { body, etag, modified: new Date(), meta })
  return etag
}

function metaOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')))
}

function quotedMd5(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
