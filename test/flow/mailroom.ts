import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { type Folders, foldersOf } from '../../src/exchange/file-name.ts'
import { createTrees } from '../../src/node/trees.ts'
import type { IntakeDeps, PartnerTree, Trees } from '../../src/run/intake/deps.ts'
import { createScanner } from '../../src/run/intake/scan.ts'
import { type Care, newCare, tend } from '../../src/run/intake/tend.ts'
import { type IntakeFile, listIntakeFiles } from '../../src/store/intake-files.ts'
import { type Intake, type IntakeReport, listIntakeReports, listIntakes } from '../../src/store/intakes.ts'
import type { Notice } from '../../src/store/notices.ts'
import type { PlaceTrees } from '../../src/store/place-trees.ts'
import { createSealOpener } from '../../src/unpack/pgp.ts'
import type { River } from './river.ts'

/** A clock that stands still unless told. */
export interface Clock {
  readonly now: () => number
  pass(ms: number): void
}

export function createClock(start = Date.parse('2026-03-02T12:00:00Z')): Clock {
  let time = start
  return { now: () => time, pass: (ms) => (time += ms) }
}

/** Real folders of partners over a river, looked at when told. */
export interface Mailroom {
  readonly deps: IntakeDeps
  readonly trees: Trees
  readonly folders: Folders
  /** Folder of a partner's own tree. */
  path(partner: string, ...names: readonly string[]): string
  /** Puts a file where the partner would. */
  put(name: string, content: string | Uint8Array, options?: PutOptions): Promise<void>
  /** One look at the trees, and the submissions that came of it processed; what is given is for faults. */
  turn(change?: Partial<IntakeDeps>, wrapped?: (tree: PartnerTree) => PartnerTree): Promise<void>
  /** Turns with time passing, until no intake is open. */
  settle(): Promise<void>
  /** As after the end of the process: nothing is remembered, leases are over; files must stand still for so long. */
  restart(quietMs?: number): Promise<void>
  intakes(): Promise<Intake[]>
  files(intake?: string): Promise<IntakeFile[]>
  reports(intake: string): Promise<IntakeReport[]>
  notices(): Promise<Pick<Notice, 'intake' | 'content'>[]>
  names(partner: string, folder: string): Promise<string[]>
  text(partner: string, folder: string, name: string): Promise<string>
  close(): Promise<void>
}

interface PutOptions {
  readonly partner?: string
  readonly folder?: string
  readonly modifiedAt?: number
}

export async function openMailroom(
  river: River,
  definition: Definition,
  clock: Clock,
  places: PlaceTrees = { list: async () => [], seen: async () => {} },
): Promise<Mailroom> {
  const top = await mkdtemp(join(tmpdir(), 'mailroom-'))
  const opener = createSealOpener()
  const spool = join(top, 'spool')
  const treesFolder = join(top, 'files')
  const { db } = river.deps
  const deps: IntakeDeps = {
    ...river.deps,
    now: clock.now,
    sign: async (claims) => JSON.stringify(claims),
    opener,
    spool,
    documentBytesMax: 2 ** 30,
    queued: () => {},
  }
  let trees = createTrees(treesFolder, places)
  let scanner = createScanner(0)
  let cares = new Map<PartnerTree, Care>()
  const folders = foldersOf(definition.files, 'live')

  const room: Mailroom = {
    deps,
    get trees() {
      return trees
    },
    folders,
    path: (partner, ...names) => join(treesFolder, partner, ...names),
    async put(name, content, { partner = 'alpha', folder = folders.input[0] ?? '', modifiedAt } = {}) {
      const path = room.path(partner, folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, content)
      if (modifiedAt !== undefined) await utimes(path, new Date(modifiedAt), new Date(modifiedAt))
    },
    async turn(change = {}, wrapped = (tree) => tree) {
      for (const tree of (await trees.list()).map(wrapped)) {
        const care = cares.get(tree) ?? newCare()
        cares.set(tree, care)
        const looking = { busy: true, scanner, leaseSeconds: 30, stopping: () => false }
        await tend({ ...deps, ...change }, tree, care, looking)
      }
      await river.drain()
    },
    async settle() {
      for (let turns = 0; turns < 30; turns += 1) {
        await room.turn()
        const open = (await room.intakes()).filter(({ state }) => state !== 'done')
        const failed = open.find(({ lastError }) => lastError !== null)
        if (failed) throw new Error(failed.lastError ?? '')
        if (open.length === 0 && turns > 0) return
        clock.pass(15_000)
      }
      throw new Error(`intakes stay open: ${JSON.stringify(await room.intakes())}`)
    },
    async restart(quietMs = 0) {
      await db.transact((tx) => tx.rows(sql`delete from task where kind = 'intake'`))
      cares = new Map()
      scanner = createScanner(quietMs)
      trees = createTrees(treesFolder, places)
    },
    intakes: () =>
      db.transact((tx) =>
        listIntakes(tx, {
          partners: null,
          exchange: null,
          realm: null,
          state: null,
          before: null,
          limit: 1000,
        }),
      ),
    async files(intake) {
      const ids = intake === undefined ? (await room.intakes()).map((one) => one.intake) : [intake]
      const lists = await Promise.all(ids.map((id) => db.transact((tx) => listIntakeFiles(tx, id))))
      return lists.flat()
    },
    reports: (intake) => db.transact((tx) => listIntakeReports(tx, intake)),
    notices: () => db.transact((tx) => tx.rows(sql`select intake, content from notice order by notice`)),
    names: async (partner, folder) => (await readdir(room.path(partner, folder)).catch(() => [])).sort(),
    text: (partner, folder, name) => readFile(room.path(partner, folder, name), 'utf8'),
    async close() {
      await opener.close()
      await rm(top, { recursive: true, force: true })
    },
  }
  return room
}
