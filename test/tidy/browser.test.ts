import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { filesBelow, isTest, pureFolders, root } from './tree.ts'

test('the pure folders bundle for a browser', async () => {
  const entryPoints = pureFolders()
    .flatMap((folder) => filesBelow(`src/${folder}`))
    .filter((path) => path.endsWith('.ts') && !isTest(path))
    .map((path) => join(root, path))
  // A module of Node has no place in a browser: esbuild refuses it on this platform.
  const result = await build({
    entryPoints,
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  }).catch((error: { errors: { text: string; location: { file: string } | null }[] }) => error)
  expect(result.errors.map(({ text, location }) => `${location?.file}: ${text}`)).toEqual([])
})
