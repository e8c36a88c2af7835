import type { Source, SourceLimits, SourceSpec } from './source.ts'

/** Opens a session with a partner's database; its driver is loaded now. Throws SourceError. */
export async function openSource(spec: SourceSpec, limits: SourceLimits): Promise<Source> {
  switch (spec.driver) {
    case 'postgres':
      return (await import('./postgres.ts')).openPostgres(spec, limits)
    case 'mysql':
    case 'mariadb':
      return (await import('./mysql.ts')).openMysql(spec, limits)
    case 'sqlserver':
      return (await import('./sqlserver.ts')).openSqlServer(spec, limits)
    case 'oracle':
      return (await import('./oracle.ts')).openOracle(spec, limits)
    case 'sqlite':
      return (await import('./sqlite.ts')).openSqlite(spec, limits)
    case 'files':
      return (await import('./files.ts')).openFiles(spec, limits)
  }
}
