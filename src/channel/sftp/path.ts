/** Longest name of a file, in bytes of UTF-8: what file systems hold. */
export const nameBytesMax = 255
const pathBytesMax = 4096

/** What looks like a slash to people and is none, beyond what compatibility forms (NFKC) tell. */
const lookAlikes = /[\u0337\u0338\u2044\u2215\u2216\u2571\u2572\u29f5\u29f8\u29f9]/u
/** Controls, invisible and direction marks, line and paragraph ends, private and unassigned characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u

/** Why a name may not be given to a file; null when it may. */
export function nameProblem(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return 'this is no name for a file'
  if (Buffer.byteLength(name) > nameBytesMax) return `a name has at most ${nameBytesMax} bytes`
  if (unseen.test(name) || name.includes('\ufffd')) return 'the name has a character that cannot be seen'
  if (/[/\\]/.test(name) || /[/\\]/.test(name.normalize('NFKC')) || lookAlikes.test(name))
    return 'the name has a character that looks like a slash'
  if (name.normalize('NFKC').startsWith('.') && !name.startsWith('.'))
    return 'the name has a character that looks like a full stop'
  return null
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A client's path as names from the top of its tree; null for one that is no text or too long. `..` goes up one
 * name and never above the top. There are no links in a tree, so that names alone say where a path leads.
 */
export function readPath(bytes: Uint8Array): readonly string[] | null {
  if (bytes.length > pathBytesMax) return null
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return null
  }
  if (text.includes('\0')) return null
  const names: string[] = []
  for (const name of text.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return names
}

/** The path as clients see it. */
export function shownPath(names: readonly string[]): string {
  return `/${names.join('/')}`
}
