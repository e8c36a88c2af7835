import { createHash } from 'node:crypto'
import { answerOf, elementsOf, type S3Client, S3Error } from './s3-client.ts'

/** What a server tells of an object without its bytes. */
export interface S3Head {
  readonly bytes: number
  readonly etag: string
  /** As the server writes it. */
  readonly modified: string
  /** In a bucket that keeps versions; else empty. */
  readonly version: string
  /** Our own remarks, if it is one that we wrote. */
  readonly note: Readonly<Record<string, string>>
}

export interface S3Listed {
  readonly key: string
  readonly bytes: number
  readonly modifiedAt: number
}

/** Sizes in which large objects travel and are copied. */
export interface S3Sizes {
  /** An object that is larger is sent in parts of this size; so much of it is held in memory. */
  readonly partBytes: number
  /** What the server copies in one request; larger ones are copied in parts of this size. */
  readonly copyBytes: number
}

/** 10,000 parts of 16 MiB are 156 GiB; a copy in one request ends at 5 GiB everywhere. */
export const S3_SIZES: S3Sizes = { partBytes: 16 * 2 ** 20, copyBytes: 2 ** 30 }

const noteHeader = 'x-amz-meta-tributary'
/** A stream that broke is taken up where it broke, this often. */
const resumesMax = 5

export async function headObject(client: S3Client, key: string): Promise<S3Head | null> {
  const response = await client.send({ method: 'HEAD', key, allow: [404] })
  if (response.status === 404) return null
  const { headers } = response
  return {
    bytes: Number(headers.get('content-length') ?? 0),
    etag: headers.get('etag') ?? '',
    modified: headers.get('last-modified') ?? '',
    version: headers.get('x-amz-version-id') ?? '',
    note: noteOf(headers),
  }
}

/** The objects under a prefix, without those further down; page by page, so any number of them. */
export async function* listObjects(client: S3Client, prefix: string): AsyncGenerator<S3Listed> {
  let token = ''
  do {
    const query = { 'list-type': '2', 'encoding-type': 'url', delimiter: '/', prefix }
    const response = await client.send({
      method: 'GET',
      key: null,
      query: token === '' ? query : { ...query, 'continuation-token': token },
    })
    token = ''
    let object = { key: '', bytes: 0, modifiedAt: 0 }
    for (const { path, text } of elementsOf(await response.text())) {
      const name = path.replace(/^ListBucketResult\//, '')
      if (name === 'Contents/Key') object.key = decodeURIComponent(text.replaceAll('+', ' '))
      else if (name === 'Contents/Size') object.bytes = Number(text)
      else if (name === 'Contents/LastModified') object.modifiedAt = Date.parse(text)
      else if (name === 'NextContinuationToken') token = text
      else if (name === 'Contents') {
        yield object
        object = { key: '', bytes: 0, modifiedAt: 0 }
      }
    }
  } while (token !== '')
}

/** An object's bytes, null when it is not there. A stream that breaks goes on where it broke. */
export async function getObject(client: S3Client, key: string): Promise<AsyncIterable<Uint8Array> | null> {
  const first = await client.send({ method: 'GET', key, allow: [404] })
  if (first.status === 404) return null
  const etag = first.headers.get('etag') ?? ''
  const total = Number(first.headers.get('content-length') ?? 0)
  return (async function* () {
    let at = 0
    let response = first
    for (let resumes = 0; ; resumes += 1) {
      try {
        for await (const piece of response.body ?? []) {
          at += piece.length
          yield piece as Uint8Array
        }
        if (at >= total) return
      } catch (error) {
        if (resumes === resumesMax || error instanceof S3Error) throw error
      }
      if (resumes === resumesMax) throw new Error(`${key} ended after ${at} of ${total} bytes`)
      const headers = { range: `bytes=${at}-`, 'if-match': etag }
      response = await client.send({ method: 'GET', key, headers })
      if (response.status !== 206) throw new Error(`${key} cannot be read on from byte ${at}`)
    }
  })()
}

/** Writes an object, whole or not at all. */
export async function putObject(
  client: S3Client,
  key: string,
  bytes: AsyncIterable<Uint8Array>,
  sizes: S3Sizes,
): Promise<void> {
  let upload: string | null = null
  const etags: string[] = []
  try {
    for await (const { body, last } of partsOf(bytes, sizes.partBytes)) {
      const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
      if (last && upload === null) {
        await done(client.send({ method: 'PUT', key, body, headers }))
        return
      }
      upload ??= await beginUpload(client, key, {})
      const query = { partNumber: String(etags.length + 1), uploadId: upload }
      const response = await client.send({ method: 'PUT', key, query, headers, body })
      await response.arrayBuffer()
      etags.push(response.headers.get('etag') ?? '')
    }
    if (upload !== null) await completeUpload(client, key, upload, etags)
  } catch (error) {
    if (upload !== null) await abandonUpload(client, key, upload)
    throw error
  }
}

/** Cuts a stream into parts; the last one may be shorter, and empty when it is the only one. */
async function* partsOf(
  bytes: AsyncIterable<Uint8Array>,
  partBytes: number,
): AsyncGenerator<{ body: Uint8Array<ArrayBuffer>; last: boolean }> {
  let held = new Uint8Array(Math.min(partBytes, 256 * 1024))
  let filled = 0
  for await (const piece of bytes) {
    let rest = piece
    while (rest.length > 0) {
      if (filled === partBytes) {
        yield { body: held, last: false }
        held = new Uint8Array(partBytes)
        filled = 0
      }
      const taken = rest.subarray(0, partBytes - filled)
      if (filled + taken.length > held.length) {
        const larger = new Uint8Array(Math.min(partBytes, Math.max(held.length * 2, filled + taken.length)))
        larger.set(held.subarray(0, filled))
        held = larger
      }
      held.set(taken, filled)
      filled += taken.length
      rest = rest.subarray(taken.length)
    }
  }
  yield { body: held.subarray(0, filled), last: true }
}

export interface S3Copy {
  readonly from: string
  readonly head: Pick<S3Head, 'etag' | 'bytes'>
  readonly to: string
  readonly note: Readonly<Record<string, string>>
}

/**
 * Copies an object inside the bucket, with a note of ours.
 * @param conditional only while the source has the etag of `head`
 * @returns false when the source is gone or, as the server says, another
 */
export async function copyObject(
  client: S3Client,
  { from, head, to, note }: S3Copy,
  sizes: S3Sizes,
  conditional: boolean,
): Promise<boolean> {
  const condition: Record<string, string> = conditional ? { 'x-amz-copy-source-if-match': head.etag } : {}
  const source = { 'x-amz-copy-source': client.copySource(from), ...condition }
  const noted = noteHeaders(note)
  if (head.bytes > sizes.copyBytes) return copyParts(client, to, head.bytes, source, noted, sizes.copyBytes)
  const headers = { ...source, ...noted, 'x-amz-metadata-directive': 'REPLACE' }
  const response = await client.send({ method: 'PUT', key: to, headers, allow: [404, 412] })
  if (!response.ok) return gone(response)
  await answerOf(response)
  return true
}

async function copyParts(
  client: S3Client,
  to: string,
  bytes: number,
  source: Readonly<Record<string, string>>,
  noted: Readonly<Record<string, string>>,
  copyBytes: number,
): Promise<boolean> {
  const upload = await beginUpload(client, to, noted)
  const etags: string[] = []
  try {
    for (let at = 0; at < bytes; at += copyBytes) {
      const range = `bytes=${at}-${Math.min(at + copyBytes, bytes) - 1}`
      const response = await client.send({
        method: 'PUT',
        key: to,
        query: { partNumber: String(etags.length + 1), uploadId: upload },
        headers: { ...source, 'x-amz-copy-source-range': range },
        allow: [404, 412],
      })
      if (!response.ok) {
        await abandonUpload(client, to, upload)
        return gone(response)
      }
      etags.push((await answerOf(response)).get('ETag') ?? '')
    }
    await completeUpload(client, to, upload, etags)
    return true
  } catch (error) {
    await abandonUpload(client, to, upload)
    throw error
  }
}

/** The source of a copy is gone or another; a bucket that is gone is an error. */
async function gone(response: Response): Promise<false> {
  const text = await response.text()
  if (text.includes('NoSuchBucket')) throw new S3Error(404, 'NoSuchBucket', 'the bucket is not there')
  return false
}

export async function deleteObject(client: S3Client, key: string): Promise<void> {
  await done(client.send({ method: 'DELETE', key, allow: [404] }))
}

/**
 * Removes an object only while it has this etag: one request where the server knows the condition. Others do not look
 * at it, refuse it, or know other etags for objects that were sent in parts.
 * @returns false when the server refused
 */
export async function deleteUnchanged(client: S3Client, key: string, etag: string): Promise<boolean> {
  const headers = { 'if-match': etag }
  const response = await client.send({ method: 'DELETE', key, headers, allow: [404, 409, 412, 501] })
  await response.arrayBuffer()
  return response.ok || response.status === 404
}

/** An empty object, by whose name other programs show a folder. */
export async function putMarker(client: S3Client, key: string): Promise<void> {
  if ((await headObject(client, key)) === null)
    await done(client.send({ method: 'PUT', key, body: new Uint8Array() }))
}

async function beginUpload(
  client: S3Client,
  key: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await answerOf(await client.send({ method: 'POST', key, query: { uploads: '' }, headers }))
  const upload = answer.get('UploadId')
  if (upload === undefined) throw new Error('the server began no upload')
  return upload
}

async function completeUpload(
  client: S3Client,
  key: string,
  upload: string,
  etags: readonly string[],
): Promise<void> {
  const quoted = (etag: string) =>
    etag.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${quoted(etag)}</ETag></Part>`,
  )
  const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const body = new Uint8Array(Buffer.from(xml))
  await answerOf(await client.send({ method: 'POST', key, query: { uploadId: upload }, body }))
}

/** What was sent of it so far is let go; a server that is away does that itself some day, by its own rules. */
async function abandonUpload(client: S3Client, key: string, upload: string): Promise<void> {
  await done(client.send({ method: 'DELETE', key, query: { uploadId: upload }, allow: [404] })).catch(
    () => {},
  )
}

/** Reads the answer to its end, so that the connection is free again. */
async function done(sending: Promise<Response>): Promise<void> {
  await (await sending).arrayBuffer()
}

/** Some servers hold no more than 256 bytes in one header of an object. */
const noteBytesMax = 200

function noteHeaders(note: Readonly<Record<string, string>>): Record<string, string> {
  const text = Buffer.from(JSON.stringify(note)).toString('base64url')
  const pieces = text.match(new RegExp(`.{1,${noteBytesMax}}`, 'g')) ?? []
  return Object.fromEntries(pieces.map((piece, index) => [`${noteHeader}-${index}`, piece]))
}

function noteOf(headers: Headers): Readonly<Record<string, string>> {
  let text = ''
  for (let index = 0; headers.has(`${noteHeader}-${index}`); index += 1)
    text += headers.get(`${noteHeader}-${index}`)
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, string>
  } catch {
    return {}
  }
}
