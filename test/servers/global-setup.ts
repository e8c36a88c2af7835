import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's connection string to the PostgreSQL server of this test run. */
    postgresUrl: string
    /** Name of a migrated database there, to be copied. */
    postgresTemplate: string
  }
}

/** One PostgreSQL server for the whole run; each test makes databases of its own, copies of a migrated one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ fsync: false })
  const url = await server.createDatabase()
  const db = openPostgres(url)
  await migrate(db)
  await db.close()
  project.provide('postgresUrl', server.url('postgres'))
  project.provide('postgresTemplate', new URL(url).pathname.slice(1))
  return () => server.stop()
}
