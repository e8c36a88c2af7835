/** The key as people write it. */
export function keyText(parcel: { readonly key: string | null }): string | null {
  return parcel.key === null ? null : parcel.key.replaceAll('\u001f', '/')
}
