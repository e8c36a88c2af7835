// Makes dist/ of the sources: the program, and what runs as a process or thread of its own. Few large files rather than
// some thousand small ones: reading those took longer than all else that a command, or a judging process, does to start.
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** They find files of their own beside them: machine code, the database, pages. */
const apart = ['@electric-sql/pglite', '@fastify/swagger-ui', '@node-rs/argon2', 'pg', 'pino', 'ssh2']

const root = fileURLToPath(new URL('..', import.meta.url))
const { optionalDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
rmSync(`${root}dist/chunk`, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: [
    'src/cli/main.ts',
    'src/db/pglite-worker.ts',
    'src/judge/child.ts',
    'src/unpack/pgp-child.ts',
  ],
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'chunk/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: [...apart, ...Object.keys(optionalDependencies)],
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'linked',
  // For packages in the older form, which ask for Node's modules while they run.
  banner: {
    js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
  },
  logLevel: 'warning',
})
