import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's connection string to the PostgreSQL server of this test run. */
    postgresUrl: string
    /** Name of a migrated database there, to be copied. */
    postgresTemplate: string
    /** A tar file of a migrated embedded database. */
    pgliteTemplate: string
  }
}

/** One PostgreSQL server for the whole run; each test makes databases of its own, copies of migrated ones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ fsync: false })
  const folder = await mkdtemp(join(tmpdir(), 'tributary-template-'))
  const url = await server.createDatabase()
  await migrated(openPostgres(url))
  await migrated(await openPglite(join(folder, 'database')))
  const tar = join(folder, 'database.tar')
  await promisify(execFile)('tar', ['-cf', tar, '-C', join(folder, 'database'), '.'])
  project.provide('postgresUrl', server.url('postgres'))
  project.provide('postgresTemplate', new URL(url).pathname.slice(1))
  project.provide('pgliteTemplate', tar)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function migrated(db: Awaited<ReturnType<typeof openPglite>>): Promise<void> {
  await migrate(db)
  await db.close()
}
