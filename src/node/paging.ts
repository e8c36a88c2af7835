import { Fault } from '../fault/fault.ts'

/** An opaque place in a list: what the next page starts after. */
export function placeAfter(place: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Reads such a place back. Throws fault BAD_REQUEST for anything that is not one of ours. */
export function readPlace<T extends Readonly<Record<string, 'string' | 'number'>>>(
  text: string | null,
  shape: T,
): { readonly [K in keyof T]: T[K] extends 'string' ? string : number } | null {
  if (text === null) return null
  try {
    const place = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>
    for (const [name, type] of Object.entries(shape)) if (typeof place[name] !== type) throw new Error(name)
    return place as { readonly [K in keyof T]: T[K] extends 'string' ? string : number }
  } catch {
    throw new Fault('BAD_REQUEST', { reason: 'This page address is not one that the node gave.' })
  }
}
