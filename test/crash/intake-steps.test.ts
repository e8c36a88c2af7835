import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { IntakeDeps, PartnerTree } from '../../src/run/intake/deps.ts'
import { markIncomplete } from '../../src/store/incomplete-uploads.ts'
import { putTransfers } from '../../src/store/transfers.ts'
import { testDatabases } from '../database.ts'
import { type Clock, createClock, type Mailroom, openMailroom } from '../flow/mailroom.ts'
import { judgeHere, openRiver, type River } from '../flow/river.ts'
import { loadWells } from '../flow/wells.ts'

/** The process is gone: nothing after this point happens. */
class Gone extends Error {}

/** What a process does to the world outside it, counted; after the nth step it is gone. */
function endingAfter(deps: IntakeDeps, nth: number) {
  let count = 0
  const begun = new Set<Promise<unknown>>()
  const wraps = new WeakMap<PartnerTree, PartnerTree>()
  function step<T>(perform: () => Promise<T>): Promise<T> {
    count += 1
    if (count > nth) return Promise.reject(new Gone())
    const done = perform().finally(() => begun.delete(done))
    begun.add(done)
    return done
  }
  const { db, documents } = deps
  const change: Partial<IntakeDeps> = {
    db: { ...db, transact: (body, scope) => step(() => db.transact(body, scope)) },
    documents: { ...documents, take: (bytes, bytesMax) => step(() => documents.take(bytes, bytesMax)) },
  }
  function wrapped(tree: PartnerTree): PartnerTree {
    const known = wraps.get(tree)
    if (known !== undefined) return known
    const { files } = tree
    const made: PartnerTree = {
      ...tree,
      files: {
        ...files,
        take: (...words) => step(() => files.take(...words)),
        archive: (...words) => step(() => files.archive(...words)),
        put: (...words) => step(() => files.put(...words)),
      },
    }
    wraps.set(tree, made)
    return made
  }
  /** What was begun side by side with the step that was too much is done or not before anything else begins. */
  const stillness = () => Promise.allSettled(begun)
  return { change, wrapped, stillness }
}

const [input, output, archive] = ['wells/PROD/INPUT', 'wells/PROD/OUTPUT', 'wells/PROD/ARCHIVE']
const one = (number: string, change = {}) => JSON.stringify({ Number: number, State: 'O', ...change })

/** STEPS=all ends it at every step; otherwise at some of them, others each time. */
const thorough = process.env.STEPS === 'all'

describe.each(testDatabases())('on the $name', ({ name, open }) => {
  const stride = thorough ? 1 : name === 'PostgreSQL' ? 10 : 8
  const first = 1 + (Date.now() % stride)
  let river: River
  let clock: Clock
  let wells: Definition
  beforeAll(async () => {
    wells = await loadWells()
    clock = createClock()
    river = await openRiver(await open(), [wells], judgeHere(), clock.now)
  })
  afterAll(() => river.close())

  test('an intake that is ended at any step ends as if it had not been: each file once, reports once, one notice', async () => {
    const expected = await play(null)
    expect(expected.picture).toMatchObject({ intakes: 2, notices: 2, submissions: 2 })
    let ended = 0
    for (let nth = first; ; nth += stride) {
      const { picture, whole } = await play(nth)
      expect(picture, `ended after step ${nth} (STEPS=all tries each)`).toEqual(expected.picture)
      if (whole) break
      ended += 1
    }
    expect(ended * stride).toBeGreaterThan(40)
  }, 600_000)

  async function play(nth: number | null) {
    await river.deps.db.transact((tx) =>
      tx.rows(sql`
        truncate record, history, finding, submission, segment, delivery, survey, task, document, book, correction,
                 notice_due, notice, intake_report, intake_call, intake_file, intake, transfer restart identity`),
    )
    const room = await openMailroom(river, wells, clock)
    try {
      await fill(room)
      const whole = nth === null || (await runUntil(room, nth))
      await room.restart()
      await room.settle()
      return { picture: await pictureOf(room), whole }
    } finally {
      await room.close()
    }
  }

  /** Files of two accounts, good and bad ones, and an upload that was given up. */
  async function fill(room: Mailroom): Promise<void> {
    const transfer = (account: string, name: string) => ({
      at: new Date(clock.now()).toISOString(),
      partner: 'alpha',
      account,
      login: account,
      address: '::1',
      action: 'upload' as const,
      path: `/${input}/${name}`,
      bytes: 10,
      ms: 1,
      result: 'ok',
    })
    await river.deps.db.transact((tx) =>
      putTransfers(tx, [
        transfer('robot', 'a.json'),
        transfer('robot', 'b.json'),
        transfer('clerk', 'c.json'),
        transfer('clerk', 'd.json'),
      ]),
    )
    await room.put('a.json', one('A'))
    await room.put('a.json.md5', createHash('md5').update(one('A')).digest('hex'))
    await room.put('b.json', one('B', { State: 'Q' }))
    await room.put('c.json', one('C'))
    await room.put('d.json', '{"Number": ')
    await room.put('e.json', one('E'))
    await room.put('e.json.sha256', 'no checksum')
    await room.put('f.json', one('F'))
    await markIncomplete(room.path('alpha'), `${input}/f.json`, clock.now())
  }

  /** Runs until the process is gone; true when it came to the end. */
  async function runUntil(room: Mailroom, nth: number): Promise<boolean> {
    const { change, wrapped, stillness } = endingAfter(room.deps, nth)
    try {
      for (let turns = 0; turns < 6; turns += 1) {
        await room.turn(change, wrapped)
        clock.pass(15_000)
      }
      return true
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      await stillness()
      await river.drain()
      return false
    }
  }

  async function pictureOf(room: Mailroom) {
    clock.pass(wells.files.incompleteMinutes * 60_000)
    await room.settle()
    const intakes = await room.intakes()
    const withoutId = (names: readonly string[]) =>
      names
        .map((name) => intakes.reduce((text, { intake }, index) => text.replace(intake, `${index}`), name))
        .sort()
    const [counts] = await river.deps.db.transact((tx) =>
      tx.rows<{ submissions: number; records: string; received: number }>(sql`
        select (select count(*)::int from submission) as submissions,
               (select sum(received)::int from submission) as received,
               (select string_agg(key || ' ' || version, ',' order by key) from record) as records`),
    )
    return {
      ...counts,
      intakes: intakes.length,
      notices: (await room.notices()).length,
      told: (await room.notices()).map(({ content }) => [content.files, content.records, content.topCodes]),
      files: (await room.files())
        .map(({ name, state, code, total, success, errors, account, archived }) =>
          [name, state, code, total, success, errors, account, archived].join(' '),
        )
        .sort(),
      input: await room.names('alpha', input),
      output: withoutId(await room.names('alpha', output)),
      archive: await room.names('alpha', archive),
      work: (await readdir(room.path('alpha', '.work'))).filter(
        (name) => name !== 'incomplete' && !name.startsWith('batch-'),
      ),
      tasks: await river.deps.db.transact((tx) => tx.rows(sql`select kind, subject from task`)),
    }
  }
})
