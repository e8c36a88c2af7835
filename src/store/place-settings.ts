import { isAbsolute, normalize } from 'node:path'
import { Fault } from '../fault/fault.ts'
import type { S3Settings } from './s3-client.ts'

/** Where a place is: a folder of this machine or one that is mounted, or a bucket. */
export type PlaceSettings =
  | { readonly kind: 'folder'; readonly path: string }
  | ({ readonly kind: 's3' } & S3Settings)

/** Settings as they are shown: a bucket's secret is never given back. */
export type ShownSettings =
  | { readonly kind: 'folder'; readonly path: string }
  | ({ readonly kind: 's3' } & Omit<S3Settings, 'secretAccessKey'>)

/** Settings as somebody gives them: what is left out is as before, or as usual. */
export interface GivenSettings {
  readonly kind: string
  readonly path?: string | undefined
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  readonly bucket?: string | undefined
  readonly prefix?: string | undefined
  readonly style?: string | undefined
  readonly accessKeyId?: string | undefined
  readonly secretAccessKey?: string | undefined
}

/**
 * Settings from what was given.
 * @param secretBefore kept when no secret is given
 * Throws fault BAD_REQUEST.
 */
export function readPlaceSettings(given: GivenSettings, secretBefore: string | null): PlaceSettings {
  if (given.kind === 'folder') return { kind: 'folder', path: folderPath(given.path) }
  if (given.kind !== 's3') throw wrong('kind', "A place is of the kind 'folder' or 's3'.")
  const endpoint = endpointOf(given.endpoint)
  const secretAccessKey = given.secretAccessKey ?? secretBefore ?? undefined
  return {
    kind: 's3',
    endpoint,
    region: required(given.region ?? 'us-east-1', 'region', /^[a-z0-9-]{1,40}$/),
    bucket: required(given.bucket, 'bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    prefix: prefixOf(given.prefix ?? ''),
    style: styleOf(given.style, endpoint),
    accessKeyId: required(given.accessKeyId, 'accessKeyId', /^[!-~]{1,128}$/),
    secretAccessKey: required(secretAccessKey, 'secretAccessKey', /^[!-~]{1,256}$/),
  }
}

export function shownSettings(settings: PlaceSettings): ShownSettings {
  if (settings.kind === 'folder') return settings
  const { secretAccessKey: _, ...shown } = settings
  return shown
}

/** Do these hold files of each other? A file would be picked up twice. */
export function placesOverlap(a: PlaceSettings, b: PlaceSettings): boolean {
  if (a.kind === 'folder') return b.kind === 'folder' && within(`${a.path}/`, `${b.path}/`)
  if (b.kind === 'folder' || a.bucket !== b.bucket) return false
  if (new URL(a.endpoint).host !== new URL(b.endpoint).host) return false
  return within(a.prefix === '' ? '' : `${a.prefix}/`, b.prefix === '' ? '' : `${b.prefix}/`)
}

function within(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a)
}

function folderPath(path: string | undefined): string {
  if (path === undefined || !isAbsolute(path) || path.includes('\0'))
    throw wrong('path', 'The folder of a place is an absolute path.')
  const plain = normalize(path).replace(/\/+$/, '')
  if (plain === '') throw wrong('path', 'The whole disk is no place for files.')
  return plain
}

function endpointOf(text: string | undefined): string {
  const url = addressOf(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.username !== '')
    throw wrong(
      'endpoint',
      'The endpoint of a bucket is an address such as https://s3.us-west-1.amazonaws.com.',
    )
  return url.href.replace(/\/$/, '')
}

/** The address in a text, null when it holds none. */
export function addressOf(text: string | undefined): URL | null {
  return text !== undefined && URL.canParse(text) ? new URL(text) : null
}

function prefixOf(text: string): string {
  const prefix = text.replaceAll(/^\/+|\/+$/g, '')
  const parts = prefix === '' ? [] : prefix.split('/')
  if (prefix.length > 400 || parts.some((part) => /^\.{0,2}$/.test(part)))
    throw wrong('prefix', 'A prefix is names joined by /, at most 400 characters.')
  return prefix
}

/** Amazon asks for the bucket in the host's name; most others have it in the path. */
function styleOf(style: string | undefined, endpoint: string): 'path' | 'virtual' {
  if (style === undefined) return new URL(endpoint).hostname.endsWith('.amazonaws.com') ? 'virtual' : 'path'
  if (style !== 'path' && style !== 'virtual') throw wrong('style', "The style is 'path' or 'virtual'.")
  return style
}

const NAMES = {
  region: 'region',
  bucket: 'bucket',
  accessKeyId: 'access key id',
  secretAccessKey: 'secret access key',
} as const

function required(value: string | undefined, field: keyof typeof NAMES, pattern: RegExp): string {
  if (value === undefined || !pattern.test(value))
    throw wrong(field, `The ${NAMES[field]} of a bucket is missing or wrong.`)
  return value
}

function wrong(field: keyof GivenSettings, reason: string): Fault {
  return new Fault('BAD_REQUEST', { reason }).blaming(`body/settings/${field}`)
}
