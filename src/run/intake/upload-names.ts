/** What clients call a file while they send it. */
const temporary = /(?:\.(?:part|filepart|tmp|partial)|~)$/i

/** Is this the name of a file that is still being sent? */
export function isTemporary(name: string): boolean {
  return temporary.test(name) || name.startsWith('.')
}

export type ChecksumKind = 'sha256' | 'md5'

/** What a file's name says it is the checksum of; null for a file that is no checksum. */
export function checksumName(name: string): { readonly of: string; readonly kind: ChecksumKind } | null {
  const match = /^(.+)\.(sha256|md5)$/is.exec(name)
  return match === null
    ? null
    : { of: match[1] as string, kind: (match[2] as string).toLowerCase() as ChecksumKind }
}

/** A path by which a file and its checksum find each other. */
export function pairPath(folder: string, name: string): string {
  return `${folder}/${name}`.toLowerCase()
}

const incompleteMark = '-incomplete'

/**
 * Identity of an upload. That it is incomplete is part of it, so that whoever finds the file after a crash knows.
 * @param id sortable and random
 */
export function fileIdentity(id: string, incomplete: boolean): string {
  return incomplete ? `${id}${incompleteMark}` : id
}

export function isIncomplete(file: string): boolean {
  return file.endsWith(incompleteMark)
}

/** Characters that no name of a file may hold: in a log or an archive they would mean something else. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\\ufffd]/u

export function isUnsafe(name: string): boolean {
  return unsafe.test(name)
}
