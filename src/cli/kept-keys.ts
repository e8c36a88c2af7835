import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Client } from './client.ts'
import { profilePath } from './profile.ts'

interface KeySet {
  readonly keys: readonly { readonly kid?: string }[]
}

/** Public keys of nodes, kept so that receipts can be verified without them. */
export function keptKeysPath(env: NodeJS.ProcessEnv): string {
  return join(dirname(profilePath(env)), 'keys.json')
}

/** Adds the node's published keys to those kept; old ones stay, as old receipts need them. Returns the path. */
export async function keepKeys(client: Client, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const path = keptKeysPath(env)
  const published = await client.get<KeySet>('/.well-known/jwks.json')
  const kept = await readFile(path, 'utf8')
    .then((text) => JSON.parse(text) as KeySet)
    .catch((): KeySet => ({ keys: [] }))
  const fresh = new Set(published.keys.map(({ kid }) => kid))
  const keys = [...kept.keys.filter(({ kid }) => !fresh.has(kid)), ...published.keys]
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 })
  return path
}
