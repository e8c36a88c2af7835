import type { Schemas } from '../../api/client.ts'

/** A place as it stands in the form; what is empty is left to the node. */
export interface PlaceDraft {
  readonly place: string
  readonly partner: string
  readonly kind: 'folder' | 's3'
  readonly path: string
  readonly endpoint: string
  readonly bucket: string
  readonly prefix: string
  readonly region: string
  readonly style: '' | 'path' | 'virtual'
  readonly accessKeyId: string
  /** Only ever typed: the node does not give it back. */
  readonly secretAccessKey: string
}

/** The draft that a place makes, or an empty one. */
export function draftOf(before?: Schemas['Place']): PlaceDraft {
  const { kind, path, endpoint, bucket, prefix, region, style, accessKeyId } = before?.settings ?? {}
  return {
    place: before?.place ?? '',
    partner: before?.partner ?? '',
    kind: kind ?? 'folder',
    path: path ?? '',
    endpoint: endpoint ?? '',
    bucket: bucket ?? '',
    prefix: prefix ?? '',
    region: region ?? '',
    style: style ?? '',
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: '',
  }
}

/** What the node is told: a secret only where one was typed. */
export function bodyOf(draft: PlaceDraft) {
  const { partner, kind, style, secretAccessKey } = draft
  if (kind === 'folder') return { partner, settings: { kind, path: draft.path.trim() } }
  const region = draft.region.trim()
  return {
    partner,
    settings: {
      kind,
      endpoint: draft.endpoint.trim(),
      bucket: draft.bucket.trim(),
      prefix: draft.prefix.trim(),
      accessKeyId: draft.accessKeyId.trim(),
      ...(region === '' ? {} : { region }),
      ...(style === '' ? {} : { style }),
      ...(secretAccessKey === '' ? {} : { secretAccessKey }),
    },
  }
}
