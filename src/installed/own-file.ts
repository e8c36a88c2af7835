/**
 * A file or folder that comes with Tributary, by its path from the folder that Tributary is installed in. Asked of here
 * and nowhere else: where a module lies is known of this one only, as `src/installed` and as `dist/chunk`.
 */
export function ownFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url)
}
