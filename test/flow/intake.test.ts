import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition, FileRules } from '../../src/exchange/definition.ts'
import { fileOfMember } from '../../src/exchange/file-name.ts'
import { JudgeDied, type JudgePool } from '../../src/judge/pool.ts'
import { discardFile, holdFile, releaseFile, rerunFile } from '../../src/run/intake/operate.ts'
import { fileIdentity } from '../../src/run/intake/upload-names.ts'
import { markIncomplete, unmarkIncomplete } from '../../src/store/incomplete-uploads.ts'
import { openCallIntake, putIntakeCalls } from '../../src/store/intakes.ts'
import { createLocalTree } from '../../src/store/local-tree.ts'
import { makeOurKey, setFilePolicy } from '../../src/store/pgp-keys.ts'
import { newRecordId } from '../../src/store/record-id.ts'
import { putTransfers } from '../../src/store/transfers.ts'
import { sealFor } from '../../src/unpack/seal.ts'
import { testDatabases } from '../database.ts'
import { type Clock, createClock, type Mailroom, openMailroom } from './mailroom.ts'
import { judgeHere, openRiver, type River } from './river.ts'
import { callWell, gzipped, loadWells, makeWells, wellFile } from './wells.ts'

const one = (number: string, change = {}) =>
  JSON.stringify({ Number: number, State: 'O', Depth: '12', ...change })

/** Files whose reading takes the process with it. */
const deadly = new Set<string>()
afterEach(() => deadly.clear())

function frail(pool: JudgePool): JudgePool {
  return {
    ...pool,
    async *judge(definition, source, context) {
      if (deadly.has(context.fileName)) throw new JudgeDied('it ran out of memory', '')
      for await (const batch of pool.judge(definition, source, context)) {
        if (batch.parcels.some(({ member }) => deadly.has(fileOfMember(member))))
          throw new JudgeDied('it ran out of memory', '')
        yield batch
      }
    },
  }
}

describe.each(testDatabases())('on the $name', ({ open }) => {
  let river: River
  let clock: Clock
  let room: Mailroom
  let wells: Definition
  const rules: { files: FileRules } = { files: {} as FileRules }

  beforeAll(async () => {
    const loaded = await loadWells()
    Object.assign(rules.files, loaded.files)
    wells = await loadWells({ files: rules.files })
    clock = createClock()
    river = await openRiver(await open(), [wells], frail(judgeHere()), clock.now)
  })
  beforeEach(async () => {
    await room?.close()
    Object.assign(rules.files, (await loadWells()).files)
    await river.deps.db.transact((tx) =>
      tx.rows(sql`
        truncate record, history, finding, submission, segment, delivery, survey, task, document, book, correction, notice_due,
                 notice, intake_report, intake_call, intake_file, intake, transfer restart identity`),
    )
    room = await openMailroom(river, wells, clock)
  })
  afterAll(async () => {
    await room?.close()
    await river.close()
  })
  const [input, output, archive] = ['wells/PROD/INPUT', 'wells/PROD/OUTPUT', 'wells/PROD/ARCHIVE']
  const stored = async () =>
    (
      await river.deps.db.transact((tx) => tx.rows<{ key: string }>(sql`select key from record order by key`))
    ).map(({ key }) => key)

  test('files put in together are one submission, one set of reports and one notice, and go to the archive', async () => {
    await room.put('b.json', one('B'))
    await room.put('a.csv', await wellFile('csv', makeWells(3)))
    await room.put('c.json.gz', gzipped(Buffer.from(one('C', { State: 'Q' }))))
    await room.put('broken.json', '{"Number": ')
    await room.settle()
    const [intake, ...more] = await room.intakes()
    expect(more).toEqual([])
    expect(intake).toMatchObject({ partner: 'alpha', exchange: 'wells', realm: 'live', state: 'done' })
    const files = await room.files()
    expect(
      files.map(({ name, state, total, success, errors }) => [name, state, total, success, errors]),
    ).toEqual([
      ['a.csv', 'done', 3, 3, 0],
      ['b.json', 'done', 1, 1, 0],
      ['broken.json', 'done', 1, 0, 1],
      ['c.json.gz', 'done', 1, 0, 1],
    ])
    expect(new Set(files.map(({ tracking }) => tracking)).size).toBe(1)
    expect(files.map(({ format }) => format)).toEqual(['csv', 'json', 'json', 'json'])
    expect(files.find(({ name }) => name === 'broken.json')?.code).toMatch(/^FILE_/)
    expect(await stored()).toEqual(['B', 'C', 'W1', 'W2', 'W3'])
    expect(await room.names('alpha', input)).toEqual([])
    expect(await room.names('alpha', archive)).toEqual(['a.csv', 'b.json', 'broken.json', 'c.json.gz'])
    const reports = await room.reports(intake?.intake ?? '')
    expect(await room.names('alpha', output)).toEqual(reports.map(({ name }) => name))
    expect(reports.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['errors', 'log', 'summary-csv', 'receipt']),
    )
    expect(reports.every(({ writtenAt }) => writtenAt !== null)).toBe(true)
    const [notice, ...others] = await room.notices()
    expect(others).toEqual([])
    expect(notice?.content).toMatchObject({
      outputFolder: output,
      files: { total: 4, refused: [] },
      records: { received: 6, accepted: 4, acceptedWithErrors: 1, rejected: 1 },
    })
    expect(await readdir(room.path('alpha', '.work'))).toEqual([])
  })

  test('a single file keeps its own name and bytes in its submission, under the account that uploaded it', async () => {
    await river.deps.db.transact((tx) =>
      putTransfers(tx, [
        {
          at: new Date(clock.now()).toISOString(),
          partner: 'alpha',
          account: 'robot',
          login: 'robot',
          address: '::1',
          action: 'upload',
          path: `/${input}/one.json`,
          bytes: 10,
          ms: 1,
          result: 'ok',
        },
      ]),
    )
    await room.put('one.json', one('ONE'))
    await room.settle()
    const [file] = await room.files()
    const submission = await river.submission(file?.tracking ?? '')
    expect(submission).toMatchObject({
      fileName: 'one.json',
      channel: 'sftp',
      account: 'robot',
      byCentre: false,
      document: createHash('sha256').update(one('ONE')).digest('hex'),
    })
  })

  test('files of TEST go to the test book and their reports to the folders of TEST', async () => {
    await room.put('t.json', one('T'), { folder: 'wells/TEST/INPUT' })
    await room.settle()
    const [file] = await room.files()
    expect(await river.submission(file?.tracking ?? '')).toMatchObject({ realm: 'test' })
    expect((await room.names('alpha', 'wells/TEST/OUTPUT')).length).toBeGreaterThan(3)
    expect(await room.names('alpha', 'wells/TEST/ARCHIVE')).toEqual(['t.json'])
    expect(await room.names('alpha', output)).toEqual([])
  })

  test('files that come while others gather are reported with them; later ones by themselves', async () => {
    await room.put('first.json', one('F'))
    await room.turn()
    clock.pass(rules.files.gatherSeconds * 1000 - 1)
    await room.put('second.json', one('S'))
    await room.turn()
    expect(await room.intakes()).toMatchObject([{ state: 'gathering' }])
    await room.settle()
    await room.put('third.json', one('T'))
    await room.settle()
    expect((await room.intakes()).length).toBe(2)
    expect((await room.files()).map(({ name }) => name)).toEqual(['third.json', 'first.json', 'second.json'])
  })

  test('a file that a killed process left stays with the later one that it took', async () => {
    await room.put('1.json', one('1'))
    await room.put('2.json', one('2'))
    const [tree] = await room.trees.list()
    await tree?.files.take(
      room.folders.input[0] ?? '',
      '2.json',
      fileIdentity(newRecordId(clock.now()), false),
      clock.now(),
    )
    clock.pass(rules.files.gatherSeconds * 1000)
    // As long as a file must stand still, so long it was not looked at.
    await room.restart(60_000)
    await room.turn()
    await room.settle()
    expect((await room.intakes()).length).toBe(1)
    expect((await room.files()).map(({ name }) => name)).toEqual(['1.json', '2.json'])
    await room.restart()
  })

  test('a file that kills what reads it is refused, and every other file is processed once', async () => {
    deadly.add('f-0007.json')
    for (let number = 1; number <= 40; number += 1) {
      const name = `f-${String(number).padStart(4, '0')}`
      await room.put(`${name}.json`, one(name))
    }
    await room.settle()
    const files = await room.files()
    expect(files.filter(({ state }) => state !== 'done').map(({ name, code }) => [name, code])).toEqual([
      ['f-0007.json', 'FILE_DECODER_DIED'],
    ])
    expect(files.reduce((sum, { total, success }) => sum + total + success, 0)).toBe(78)
    expect((await stored()).length).toBe(39)
    expect(await room.names('alpha', input)).toEqual([])
    expect((await room.notices()).map(({ content }) => content.files.refused.length)).toEqual([1])
  })

  test('an unfinished upload is left alone, taken when it was resumed, and reported when it was given up', async () => {
    await room.put('half.json', '{"Number"')
    await markIncomplete(room.path('alpha'), `${input}/half.json`, clock.now())
    await room.put('late.csv.filepart', 'Action,Number')
    await room.put('whole.json', '{"Number"')
    await markIncomplete(room.path('alpha'), `${input}/whole.json`, clock.now())
    await room.turn()
    expect(await room.files()).toEqual([])
    await room.put('whole.json', one('WHOLE'))
    await unmarkIncomplete(room.path('alpha'), `${input}/whole.json`)
    await room.settle()
    expect(await room.files()).toMatchObject([{ name: 'whole.json', state: 'done' }])
    clock.pass(rules.files.incompleteMinutes * 60_000)
    await room.settle()
    const left = (await room.files()).filter(({ name }) => name !== 'whole.json')
    expect(left.map(({ name, state, code }) => [name, state, code])).toEqual([
      ['half.json', 'refused', 'FILE_INCOMPLETE'],
      ['late.csv.filepart', 'refused', 'FILE_INCOMPLETE'],
    ])
    expect(await stored()).toEqual(['WHOLE'])
    expect((await room.notices()).at(-1)?.content.files.refused.length).toBe(2)
  })

  test('a checksum beside a file is held against it, and archived with it', async () => {
    const sum = (text: string) => createHash('sha256').update(text).digest('hex')
    await room.put('good.json', one('GOOD'))
    await room.put('good.json.sha256', `${sum(one('GOOD')).toUpperCase()}  good.json\n`)
    await room.put('bad.json', one('BAD'))
    await room.put('bad.json.md5', `${createHash('md5').update('other').digest('hex')}\n`)
    await room.settle()
    const files = await room.files()
    expect(files.map(({ name, state, code }) => [name, state, code])).toEqual([
      ['bad.json', 'refused', 'FILE_CHECKSUM_WRONG'],
      ['bad.json.md5', 'done', null],
      ['good.json', 'done', null],
      ['good.json.sha256', 'done', null],
    ])
    expect(await stored()).toEqual(['GOOD'])
    expect(await room.names('alpha', archive)).toEqual([
      'bad.json',
      'bad.json.md5',
      'good.json',
      'good.json.sha256',
    ])
    const [intake] = await room.intakes()
    expect(await room.text('alpha', output, `${intake?.intake}_log.csv`)).not.toContain('.sha256')
    expect((await room.notices())[0]?.content.files.total).toBe(2)
  })

  test('where a checksum is required a file waits for it without keeping the others waiting', async () => {
    Object.assign(rules.files, { checksum: 'required' })
    const sum = (text: string) => createHash('sha256').update(text).digest('hex')
    await room.put('ready.json', one('READY'))
    await room.put('ready.json.sha256', sum(one('READY')))
    await room.put('waiting.json', one('WAITING'))
    await room.put('never.json', one('NEVER'))
    await room.put('waived.json', one('WAIVED'))
    for (let turn = 0; turn < 5; turn += 1) {
      await room.turn()
      clock.pass(20_000)
    }
    const states = async () =>
      Object.fromEntries((await room.files()).map(({ name, state }) => [name, state]))
    expect(await states()).toMatchObject({
      'ready.json': 'done',
      'waiting.json': 'held',
      'never.json': 'held',
    })
    await room.put('waiting.json.sha256', sum(one('WAITING')))
    const waived = (await room.files()).find(({ name }) => name === 'waived.json')
    await releaseFile(room.deps, waived?.file ?? '', 'an operator')
    for (let turn = 0; turn < 5; turn += 1) {
      await room.turn()
      clock.pass(20_000)
    }
    expect(await states()).toMatchObject({
      'waiting.json': 'done',
      'waived.json': 'done',
      'never.json': 'held',
    })
    clock.pass(rules.files.incompleteMinutes * 60_000)
    await room.settle()
    const never = (await room.files()).find(({ name }) => name === 'never.json')
    expect(never).toMatchObject({ state: 'refused', code: 'FILE_CHECKSUM_MISSING' })
    expect(await stored()).toEqual(['READY', 'WAITING', 'WAIVED'])
  })

  test('a name that does not fit is refused in writing, and nothing of the file is processed', async () => {
    Object.assign(rules.files, { names: [{ pattern: '{time}_{any}', formats: ['json'], records: 'many' }] })
    await room.put('20260301120000_x.json', one('FITS'))
    await room.put('notes.json', one('NOT'))
    await room.put('20260301120000_y.csv', await wellFile('csv', makeWells(1)))
    await room.settle()
    const files = await room.files()
    expect(files.map(({ name, state, code }) => [name, state, code])).toEqual([
      ['20260301120000_x.json', 'done', null],
      ['20260301120000_y.csv', 'refused', 'FILE_NAME_WRONG'],
      ['notes.json', 'refused', 'FILE_NAME_WRONG'],
    ])
    expect(files.every(({ state, reason }) => state === 'done' || /^[A-Z].+\.$/.test(reason ?? ''))).toBe(
      true,
    )
    expect(await stored()).toEqual(['FITS'])
    const [intake] = await room.intakes()
    expect(await room.text('alpha', output, `${intake?.intake}_log.csv`)).toContain('FILE_NAME_WRONG')
  })

  test('a file under OpenPGP is opened; one that is not protected as it must be is refused', async () => {
    const { db } = river.deps
    const ours = await db.transact((tx) => makeOurKey(tx, 'alpha', clock.now()))
    await db.transact((tx) =>
      setFilePolicy(tx, { partner: 'alpha', exchange: 'wells', mustEncrypt: true, mustSign: false }),
    )
    const sealed = (text: string) => sealFor(Buffer.from(text), { theirs: [ours.publicKey], ours: [] })
    const stranger = await db.transact((tx) => makeOurKey(tx, 'beta', clock.now()))
    const wrong = await sealFor(Buffer.from(one('X')), { theirs: [stranger.publicKey], ours: [] })
    await room.put('a.json.pgp', await sealed(one('SEALED')))
    await room.put('b.csv.gpg', await sealed(Buffer.from(await wellFile('csv', makeWells(2))).toString()))
    await room.put('open.json', one('OPEN'))
    await room.put('wrong.json.pgp', wrong)
    await room.settle()
    expect((await room.files()).map(({ name, state, code, format }) => [name, state, code, format])).toEqual([
      ['a.json.pgp', 'done', null, 'json'],
      ['b.csv.gpg', 'done', null, 'csv'],
      ['open.json', 'refused', 'FILE_PGP_UNENCRYPTED', null],
      ['wrong.json.pgp', 'refused', 'FILE_PGP_KEY_WRONG', null],
    ])
    expect(await stored()).toEqual(['SEALED', 'W1', 'W2'])
    expect(await readdir(room.deps.spool)).toEqual([])
    await db.transact((tx) => tx.rows(sql`truncate pgp_key, file_policy`))
  })

  test('a large file is a submission of its own, in its place among the others', async () => {
    const big = makeWells(1500, { note: 'n'.repeat(3000) })
    await room.put('a.json', one('W1', { Action: 'N' }))
    await room.put('b.ndjson', await wellFile('ndjson', big))
    await room.put('c.json', one('W1', { Action: 'D' }))
    await room.settle()
    const files = await room.files()
    expect(
      files.map(({ name, state, total, errors, member }) => [name, state, total, errors, member]),
    ).toEqual([
      ['a.json', 'done', 1, 0, ''],
      ['b.ndjson', 'done', 1500, 0, ''],
      ['c.json', 'done', 1, 0, ''],
    ])
    expect((await stored()).length).toBe(1499)
  })

  test('two files of one name, one after the other, are both processed and both archived', async () => {
    await room.put('same.json', one('FIRST'))
    await room.turn()
    await room.put('same.json', one('SECOND'))
    await room.settle()
    const files = await room.files()
    expect(files.map(({ name, state }) => [name, state])).toEqual([
      ['same.json', 'done'],
      ['same.json', 'done'],
    ])
    expect(await stored()).toEqual(['FIRST', 'SECOND'])
    expect((await room.names('alpha', archive)).length).toBe(2)
    expect(new Set(files.map(({ archived }) => archived)).size).toBe(2)
  })

  test('a file can be held, released, discarded, and run again from the archive', async () => {
    await room.put('keep.json', one('KEEP'))
    await room.put('drop.json', one('DROP'))
    await room.turn()
    const [drop, keep] = await room.files()
    for (const file of [drop, keep]) await holdFile(room.deps, file?.file ?? '', 'an operator')
    for (let turn = 0; turn < 3; turn += 1) {
      clock.pass(60_000)
      await room.turn()
    }
    expect(await stored()).toEqual([])
    await releaseFile(room.deps, keep?.file ?? '', 'an operator')
    await discardFile(room.deps, drop?.file ?? '', 'an operator')
    await room.settle()
    expect(await stored()).toEqual(['KEEP'])
    expect((await room.files()).map(({ name, state, code }) => [name, state, code])).toEqual([
      ['drop.json', 'discarded', 'FILE_DISCARDED'],
      ['keep.json', 'done', null],
    ])
    await expect(releaseFile(room.deps, keep?.file ?? '', 'an operator')).rejects.toThrow('not held')
    await rerunFile(room.deps, room.trees, drop?.file ?? '')
    await room.settle()
    expect(await stored()).toEqual(['DROP', 'KEEP'])
    expect((await room.intakes()).length).toBe(2)
  })

  test('originals leave the archive after the days that the exchange keeps them', async () => {
    await room.put('old.json', one('OLD'))
    await room.settle()
    clock.pass((rules.files.archiveDays - 2) * 24 * 3600 * 1000)
    await room.put('new.json', one('NEW'))
    await room.settle()
    expect(await room.names('alpha', archive)).toEqual(['new.json', 'old.json'])
    clock.pass(3 * 24 * 3600 * 1000)
    await room.turn()
    expect(await room.names('alpha', archive)).toEqual(['new.json'])
    const old = (await room.files()).find(({ name }) => name === 'old.json')
    await expect(rerunFile(room.deps, room.trees, old?.file ?? '')).rejects.toThrow('not in the archive')
  })

  test('calls that are reported like files get their reports and notice after the minutes they gather', async () => {
    await river.deps.db.transact((tx) =>
      openCallIntake(tx, { partner: 'alpha', exchange: 'wells', realm: 'live', now: clock.now() }),
    )
    for (const [number, state] of [
      ['C1', 'O'],
      ['C2', 'Q'],
    ] as const) {
      const { tracking } = await callWell(river, 'alpha', { number, state })
      await river.deps.db.transact(async (tx) => {
        const call = { partner: 'alpha', exchange: 'wells', realm: 'live', now: clock.now() } as const
        await putIntakeCalls(tx, await openCallIntake(tx, call), [{ tracking, fileName: `${number}.json` }])
      })
    }
    await room.trees.find('alpha', '')
    await room.turn()
    expect(await room.intakes()).toMatchObject([{ kind: 'calls', state: 'gathering' }])
    clock.pass(rules.files.calls.gatherMinutes * 60_000)
    await room.settle()
    const [intake] = await room.intakes()
    expect(await room.text('alpha', output, `${intake?.intake}_log.csv`)).toContain('C2.json')
    expect((await room.notices())[0]?.content.records).toMatchObject({ received: 2, acceptedWithErrors: 1 })
  })

  test('in a place of its own a file is taken when it has stood still, and its results are written beside it', async () => {
    const path = room.path('place')
    const files = createLocalTree(path)
    const tree = { place: 'elsewhere', partner: 'beta', files, takes: true }
    await room.close()
    room = await openMailroom(river, wells, clock, { list: async () => [tree], seen: async () => {} })
    await room.turn()
    await files.put(input, 'grows.json', each('{'))
    await room.turn()
    clock.pass(rules.files.stableSeconds * 1000 - 1)
    await room.turn()
    expect(await room.files()).toEqual([])
    await files.put(input, 'grows.json', each(one('GROWN')))
    await room.turn()
    clock.pass(rules.files.stableSeconds * 1000 - 1)
    await room.turn()
    expect(await room.files()).toEqual([])
    clock.pass(1)
    await room.turn()
    await room.settle()
    const [file] = await room.files()
    expect(file).toMatchObject({ name: 'grows.json', state: 'done', account: 'partner:beta' })
    expect(await river.submission(file?.tracking ?? '')).toMatchObject({ channel: 'drop', partner: 'beta' })
    expect((await readdir(`${path}/${output}`)).length).toBeGreaterThan(3)
  })
})

async function* each(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
