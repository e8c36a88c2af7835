import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stopTree } from '../src/cli/demo-stop-forms.ts'
import { generateStops } from '../src/cli/demo-stops.ts'
import { makeSshKey } from '../src/identity/make-ssh-key.ts'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { opensshOptions } from '../test/sftp/serve.ts'
import { compared, type Result } from './results.ts'
import { median, timed } from './rounds.ts'
import { allowKey, batch, startOpenSsh } from './sftp.ts'
import { openSite, psql, type Site } from './site.ts'

const ori = 'CA0990001'

/**
 * Thousands of files with one stop each, put into the input folder in one session of OpenSSH's client: how fast
 * they arrive (against OpenSSH's own server), how fast they are processed, and how long a listing of the folder
 * takes meanwhile. Throws when a file is not processed exactly once.
 */
export async function measureSingleFiles(
  postgres: PostgresServer,
  folder: string,
  { files }: { files: number },
): Promise<Result[]> {
  const local = join(folder, 'stops')
  const names = await writeStops(local, files)
  const keys = await mkdtemp(join(tmpdir(), 'tributary-bench-keys-'))
  const pair = makeSshKey('ed25519')
  const keyFile = join(keys, 'key')
  await writeFile(keyFile, pair.private, { mode: 0o600 })
  const options = opensshOptions(keyFile)
  const theirs = await startOpenSsh(keys, folder, pair.public)
  const data = join(folder, 'files-node')
  const site = await openSite(postgres, {
    env: { TRIBUTARY_DATA: data, TRIBUTARY_SFTP_PORT: '0', TRIBUTARY_SFTP_HOST: '127.0.0.1' },
  })
  try {
    const target = join(folder, 'openssh-stops')
    await mkdir(target)
    const theirSeconds = await timed(() =>
      batch(options, theirs.place.url, `cd ${target}\nlcd ${local}\nput *.json`),
    )
    process.stderr.write(`  OpenSSH's server: ${theirSeconds.toFixed(1)} s\n`)
    const partner = await site.partner('alpha', ori)
    const account = `${partner.name}-records`
    await allowKey(site.database, account, pair.public)
    const url = `sftp://${account}@127.0.0.1:${site.node.sftp?.port}`
    const listings: number[] = []
    let over = false
    const listing = listAgainAndAgain(options, url, listings, () => over)
    let upload = 0
    const all = await timed(async () => {
      upload = await timed(() => batch(options, url, `cd PROD/INPUT\nlcd ${local}\nput *.json`))
      process.stderr.write(`  Tributary: ${upload.toFixed(1)} s\n`)
      await processed(site, files)
    })
    over = true
    await listing
    await expectOnce(site, names, join(data, 'files', partner.name, 'PROD'))
    const detail = { files, upload, theirSeconds, all, listings }
    const what = `${files.toLocaleString('en-US')} files of one stop in one session`
    const slowest = Math.max(...listings) * 1000
    return [
      compared(
        `${what}: uploaded`,
        'files/s',
        files / upload,
        { name: 'OpenSSH’s sshd and sftp-server', rate: files / theirSeconds },
        0.6,
        detail,
      ),
      compared(
        `the same: uploaded, processed and reported (listing meanwhile: median ${Math.round(median(listings) * 1000)} ms, slowest ${Math.round(slowest)} ms, signing in included)`,
        'files/s',
        files / all,
        { name: 'a year of the largest agency in three nights', rate: 50 },
        1,
        detail,
      ),
    ]
  } finally {
    await site.close()
    theirs.stop()
    await rm(keys, { recursive: true, force: true })
  }
}

/** Writes single stops as JSON files named as the exchange wants them; gives the names. */
async function writeStops(folder: string, count: number): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const names: string[] = []
  for (const stop of generateStops({ seed: 7, ori, count, faults: 0.02 })) {
    const second = String(names.length % 60).padStart(2, '0')
    const name = `202603021201${second}_${ori}_${stop.leaRecordId}.json`
    await writeFile(join(folder, name), JSON.stringify(stopTree(stop)))
    names.push(name)
  }
  return names
}

async function listAgainAndAgain(
  options: readonly string[],
  url: string,
  listings: number[],
  over: () => boolean,
): Promise<void> {
  while (!over()) {
    listings.push(await timed(() => batch(options, url, 'ls -l PROD/INPUT')))
    await sleep(2000)
  }
}

async function processed(site: Site, files: number): Promise<void> {
  for (;;) {
    const open = await psql(
      site.database,
      `select (select count(*) from intake_file where state = 'done') >= ${files}
          and not exists (select 1 from intake where state <> 'done')`,
    )
    if (open.trim() === 't') return
    await sleep(500)
  }
}

/** Each file is in the log once, each stop stored at most once, and the folder is empty. */
async function expectOnce(site: Site, names: readonly string[], realm: string): Promise<void> {
  const logged = (await psql(site.database, 'select name from intake_file order by name')).trim().split('\n')
  if (logged.join() !== names.toSorted().join()) throw new Error('not each file was processed once')
  const left = await readdir(join(realm, 'INPUT'))
  if (left.length > 0) throw new Error(`${left.length} files are left`)
  const reports = await readdir(join(realm, 'OUTPUT'))
  if (reports.length > 100) throw new Error(`${reports.length} reports`)
  const balance = await psql(
    site.database,
    'select sum(received) = sum(created + updated + unchanged + deleted + rejected + filtered) from submission',
  )
  if (balance.trim() !== 't') throw new Error('the books do not balance')
}
