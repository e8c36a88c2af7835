import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Definition } from '../../src/exchange/definition.ts'
import { smallDisk } from '../servers/small-disk.ts'
import {
  type AgentProcess,
  agentFolder,
  attemptsIn,
  eventually,
  extractsIn,
  putAway,
  startAgent,
  statusOf,
  writeConfig,
} from './agent-process.ts'
import { type Centre, startCentre, type Trouble } from './centre.ts'
import { rollDefinition, type SqliteCounty, sqliteCounty } from './county.ts'

/** STEPS=all kills before and after each call; otherwise at one of the two. */
const thorough = process.env.STEPS === 'all'

let definition: Definition

afterAll(putAway)
beforeAll(async () => {
  definition = await rollDefinition()
})

interface Bench {
  readonly folder: string
  readonly centre: Centre
  readonly county: SqliteCounty
}

interface Setting {
  readonly voters?: number
  readonly limits?: object
  readonly more?: object
  readonly batch?: object
}

async function bench({ voters = 3000, limits = {}, more = {}, batch = {} }: Setting = {}): Promise<Bench> {
  const folder = agentFolder()
  const county = sqliteCounty(folder, voters)
  const centre = await startCentre(definition)
  writeConfig(folder, {
    node: { url: centre.url, client_id: 'agent', client_secret: 's' },
    poll: { seconds: 1, backoff_seconds: 1 },
    sources: { ems: { driver: 'sqlite', path: county.path, limits } },
    batches: [{ exchange: 'roll', source: 'ems', view: 'voters', changes: { by: 'snapshot' }, ...batch }],
    ...more,
  })
  return { folder, centre, county }
}

/** Nothing lost, nothing twice, nothing left. */
async function settled({ folder, centre, county }: Bench, attempt: string): Promise<void> {
  await eventually(() => centre.attempts.get(attempt)?.state === 'done', 'the attempt is done')
  await eventually(() => attemptsIn(folder).length === 0, 'the attempt is put away')
  expect(extractsIn(folder)).toEqual([])
  expect(new Map([...centre.held].map(([key, record]) => [key, record.FullName]))).toEqual(county.voters())
  const { records, completions } = centre.attempts.get(attempt) ?? { records: [], completions: 0 }
  expect(new Set(records.map((record) => record.VoterNumber)).size).toBe(records.length)
  expect(completions).toBeGreaterThan(0)
}

async function finish(one: Bench, attempt: string, agent: AgentProcess): Promise<void> {
  await settled(one, attempt).catch((error: unknown) => {
    throw new Error(`the agent said:\n${agent.log()}`, { cause: error })
  })
  await agent.stop()
  await one.centre.close()
}

test.concurrent('a job is done from the question to the deletion, then only what changed is sent', async () => {
  const one = await bench()
  const { centre, county, folder } = one
  const first = centre.offer({ extract: 'full' })
  const agent = startAgent(folder)
  await settled(one, first)
  expect(centre.attempts.get(first)?.records[0]).toEqual({
    VoterNumber: 1,
    FullName: 'Voter 1',
    BirthDate: '1980-01-31',
    Party: 'D',
  })
  county.run(
    "update voter set name = 'New name' where number in (7, 8)",
    'delete from voter where number = 9',
    "insert into voter values (5000, 'Late', null, 'N', null)",
  )
  const second = centre.offer()
  await settled(one, second)
  const sent = centre.attempts.get(second)?.records ?? []
  expect(sent.map((record) => [record.VoterNumber, record.Action])).toEqual([
    [7, undefined],
    [8, undefined],
    [5000, undefined],
    ['9', 'D'],
  ])
  // Nothing changed: an empty list says so.
  const third = centre.offer()
  await settled(one, third)
  expect(centre.attempts.get(third)?.records).toEqual([])
  const status = await eventually(async () => {
    const now = await statusOf(folder)
    return now?.ended.length === 3 ? now : null
  }, 'the status tells of three jobs')
  expect(status?.ended.map(({ result }) => result)).toEqual(['done', 'done', 'done'])
  expect(status?.node.ok).toBe(true)
  await finish(one, third, agent)
})

test.concurrent('what the centre was not done with is sent again', async () => {
  const one = await bench({ voters: 20 })
  const { centre, county, folder } = one
  const agent = startAgent(folder)
  const first = centre.offer({ extract: 'full' })
  await settled(one, first)
  county.run("update voter set name = 'Changed' where number = 3", 'delete from voter where number = 4')
  centre.instantly = false
  const second = centre.offer()
  await centre.until(({ call, attempt }) => call === 'state' && attempt === second)
  centre.finish(second, 'failed')
  await eventually(() => attemptsIn(folder).length === 0, 'the failed attempt is put away')
  centre.instantly = true
  const third = centre.offer()
  await settled(one, third)
  expect(centre.attempts.get(third)?.records.map(({ VoterNumber }) => String(VoterNumber))).toEqual([
    '3',
    '4',
  ])
  await finish(one, third, agent)
})

describe.concurrent('killed at every step', () => {
  const slow = { rows_per_second: 3000, batch_rows: 100 }
  const calls = ['next', 'progress', 'announce', 'send', 'complete', 'state'] as const
  const ends = ['before', 'after'] as const
  const cases = calls.flatMap((call) =>
    ends.filter((_, index) => thorough || index === Date.now() % 2).map((when) => [call, when] as const),
  )

  test.each(cases)('at the call %s, %s it has its effect', async (call, when) => {
    const one = await bench({
      limits: call === 'progress' ? slow : {},
      voters: call === 'progress' ? 9000 : 3000,
    })
    const { centre, folder } = one
    const offered = centre.offer({ extract: 'full' })
    let agent = startAgent(folder)
    let killed = false
    centre.trouble = async (heard): Promise<Trouble> => {
      if (killed || heard.call !== call) return null
      killed = true
      await agent.kill()
      return when === 'before' ? 'cut' : 'cut-after'
    }
    await agent.ended
    let attempt = offered
    if (call === 'next' && when === 'after') {
      // The agent never heard of the job: the lease ends, and the node offers it again.
      attempt = centre.offer({ extract: 'full' })
    }
    agent = startAgent(folder)
    await finish(one, attempt, agent)
  })

  test('in the middle of extraction: what was written of the file is gone before it begins anew', async () => {
    const one = await bench({ limits: slow, voters: 9000 })
    const { centre, folder } = one
    const attempt = centre.offer({ extract: 'full' })
    let agent = startAgent(folder)
    await eventually(() => extractsIn(folder).length > 0, 'extraction has begun')
    const [name = ''] = extractsIn(folder)
    expect(statSync(join(folder, 'state', name)).mode & 0o777).toBe(0o600)
    await eventually(
      async () => ((await statusOf(folder))?.running[0]?.records ?? 0) > 1000,
      'it is in the middle',
    )
    await agent.kill()
    // The node is away at the restart: leftovers go all the same.
    await centre.close()
    agent = startAgent(folder)
    await eventually(() => extractsIn(folder).length === 0, 'the leftover is gone')
    await centre.open()
    await finish(one, attempt, agent)
  })

  test('at random times, again and again', async () => {
    const one = await bench({ limits: { rows_per_second: 6000, batch_rows: 100 }, voters: 6000 })
    const { centre, folder } = one
    let attempt = centre.offer({ extract: 'full' })
    let state = 20_261_121
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state / 2_147_483_648
    }
    for (let turn = 0; turn < 4; turn += 1) {
      const agent = startAgent(folder)
      await new Promise((resolve) => setTimeout(resolve, 200 + random() * 1200))
      await agent.kill()
      // An agent that was killed before it had noted the job never heard of it: the lease ends, and it is offered anew.
      if (centre.attempts.has(attempt) && attemptsIn(folder).length === 0 && centre.held.size === 0)
        attempt = centre.offer({ extract: 'full' })
    }
    await finish(one, attempt, startAgent(folder))
  })
})

describe.concurrent('the network', () => {
  test('an upload that breaks goes on where it stood', async () => {
    // Names that do not compress, so that the file has several pieces.
    const one = await bench({ voters: 0 })
    const { centre, county, folder } = one
    county.run(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
       insert into voter select i, hex(randomblob(60)), null, 'R', null from n`,
    )
    let sends = 0
    centre.trouble = ({ call }) => {
      if (call !== 'send') return null
      sends += 1
      return sends === 1 ? 'cut' : sends === 2 ? 503 : null
    }
    const attempt = centre.offer({ extract: 'full' })
    const agent = startAgent(folder)
    await settled(one, attempt)
    expect(sends).toBeGreaterThan(1)
    await finish(one, attempt, agent)
  })

  test('the node is away for long, at every call once, and nothing is lost', async () => {
    const one = await bench()
    const { centre, folder } = one
    const failed = new Set<string>()
    centre.trouble = ({ call }) => {
      if (failed.has(call)) return null
      failed.add(call)
      return failed.size % 2 === 0 ? 'cut' : 502
    }
    const attempt = centre.offer({ extract: 'full' })
    const agent = startAgent(folder)
    await settled(one, attempt)
    await finish(one, attempt, agent)
  })

  test('a hash that is wrong is uploaded again', async () => {
    const one = await bench()
    const { centre, folder } = one
    let spoiled = false
    centre.trouble = ({ call, attempt }) => {
      const taken = centre.attempts.get(attempt)
      if (call === 'complete' && !spoiled && taken !== undefined) {
        spoiled = true
        taken.bytes = Buffer.from('damaged on the way')
      }
      return null
    }
    const attempt = centre.offer({ extract: 'full' })
    await finish(one, attempt, startAgent(folder))
    expect(spoiled).toBe(true)
  })

  test('a job that was given to another is dropped, its file too', async () => {
    const one = await bench()
    const { centre, folder } = one
    const lost = centre.offer({ extract: 'full' })
    centre.trouble = ({ call, attempt }) => {
      const taken = centre.attempts.get(attempt)
      if (call === 'complete' && attempt === lost && taken !== undefined) taken.state = 'lost'
      return null
    }
    const agent = startAgent(folder)
    await eventually(async () => (await statusOf(folder))?.ended[0]?.result === 'given up', 'it is given up')
    expect(extractsIn(folder)).toEqual([])
    expect(centre.held.size).toBe(0)
    const again = centre.offer({ extract: 'full' })
    await finish(one, again, agent)
  })

  test('a wrong secret is told, and put right without a restart of anything but the file', async () => {
    const one = await bench()
    const { centre, folder } = one
    centre.trouble = ({ call }) => (call === 'token' ? 401 : null)
    const attempt = centre.offer({ extract: 'full' })
    const agent = startAgent(folder)
    await eventually(
      async () => (await statusOf(folder))?.node.trouble?.includes('does not accept'),
      'the status tells it',
    )
    centre.trouble = () => null
    await finish(one, attempt, agent)
  })
})

describe.concurrent('failures are told', () => {
  const failureOf = async ({ centre }: Bench, attempt: string) => {
    await centre.until((heard) => heard.call === 'failure' && heard.attempt === attempt, 'a failure')
    return (await eventually(() => centre.attempts.get(attempt)?.failure, 'it arrived')) as {
      code: string
      message: string
      log: string
      records: number
    }
  }

  test('a database that is not there, while the node is away too: the log waits', async () => {
    const one = await bench({ more: { sources: { ems: { driver: 'sqlite', path: 'nowhere.sqlite' } } } })
    const { centre, folder } = one
    let away = true
    centre.trouble = ({ call }) => (call === 'failure' && away ? 'cut' : null)
    const attempt = centre.offer()
    let agent = startAgent(folder)
    await centre.until(({ call }) => call === 'failure')
    await agent.kill()
    away = false
    agent = startAgent(folder)
    const failure = await failureOf(one, attempt)
    expect(failure.code).toBe('SOURCE_MISSING')
    expect(failure.log).toContain('Source: ems (sqlite)')
    await eventually(() => attemptsIn(folder).length === 0, 'it is put away')
    await agent.stop()
    await centre.close()
  })

  test('columns that do not fit are told before anything is read', async () => {
    const one = await bench({ batch: { columns: { FullNam: 'FullName', Party: 'Partei' } } })
    const attempt = one.centre.offer()
    const agent = startAgent(one.folder)
    const failure = await failureOf(one, attempt)
    expect(failure.code).toBe('COLUMNS_WRONG')
    expect(failure.message).toContain("has no column 'FullNam'. Did you mean 'FullName'?")
    expect(failure.message).toContain("no field 'Partei' for the column 'Party'. Did you mean 'Party'?")
    await agent.stop()
    await one.centre.close()
  })

  test('too many errors stop a batch, and no value is told', async () => {
    const one = await bench({ voters: 40, batch: { check: { mode: 'stop', share_max: 0.1 } } })
    one.county.run("update voter set party = 'SECRETVALUE' where number <= 10")
    const attempt = one.centre.offer()
    const agent = startAgent(one.folder)
    const failure = await failureOf(one, attempt)
    expect(failure.code).toBe('CHECK_STOPPED')
    expect(failure.message).toContain('10 of 40 records')
    expect(failure.log).toMatch(/10 × \w+ Party/)
    expect(failure.log).not.toMatch(/SECRETVALUE|Voter \d/)
    expect(extractsIn(one.folder)).toEqual([])
    await agent.stop()
    await one.centre.close()
  })

  test('a view that lost its rows does not empty the centre', async () => {
    const one = await bench({ voters: 100 })
    const agent = startAgent(one.folder)
    await settled(one, one.centre.offer({ extract: 'full' }))
    one.county.run('delete from voter where number > 50')
    const attempt = one.centre.offer()
    expect((await failureOf(one, attempt)).code).toBe('DELETIONS_TOO_MANY')
    expect(one.centre.held.size).toBe(100)
    // A full refresh, which the centre guards itself, settles it.
    const full = one.centre.offer({ extract: 'full' })
    await finish(one, full, agent)
  })

  test.each([
    ['with a snapshot', { changes: { by: 'snapshot' } }],
    ['without one', { changes: undefined }],
  ])('a disk that is full at the temporary file, %s', async (_, batch) => {
    const one = await bench({ voters: 0, batch })
    one.county.run(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
       insert into voter select i, hex(randomblob(60)), null, 'R', null from n`,
    )
    const attempt = one.centre.offer()
    // A state folder of 3 MB; the extract would take 4.
    const agent = startAgent(one.folder, ['run'], smallDisk(join(one.folder, 'state'), 3))
    const failure = await failureOf(one, attempt)
    expect(failure.code).toBe('DISK_FULL')
    expect(failure.log).toContain('Free space')
    // A smaller job fits again: what the failed one took is free.
    one.county.run('delete from voter where number > 100')
    const next = one.centre.offer({ extract: 'full' })
    await eventually(() => one.centre.attempts.get(next)?.state === 'done', 'the next job is done')
    await agent.stop()
    await one.centre.close()
  })
})

test.concurrent('encrypted at rest: the file on the disk has nothing to read, what arrives has', async () => {
  const key = 'ab'.repeat(32)
  const one = await bench({ more: { key } })
  let seen = ''
  one.centre.trouble = ({ call }) => {
    if (call === 'announce') {
      const [name = ''] = extractsIn(one.folder)
      seen = readFileSync(join(one.folder, 'state', name)).toString('latin1')
    }
    return null
  }
  const attempt = one.centre.offer({ extract: 'full' })
  const agent = startAgent(one.folder)
  await finish(one, attempt, agent)
  expect(seen.startsWith('TRIBUTARY-EXTRACT-1\n')).toBe(true)
  expect(seen.slice(0, 2)).not.toBe('\x1f\x8b')
})

test.concurrent('run-once does what there is, goes on with what was left, and says how it ended', async () => {
  const one = await bench({ voters: 50 })
  const first = one.centre.offer({ extract: 'full' })
  const run = startAgent(one.folder, ['run-once'])
  expect(await run.ended).toBe(0)
  expect(run.log()).toContain('1 jobs done, 0 failed.')
  await settled(one, first)
  await one.centre.close()
  const away = startAgent(one.folder, ['run-once'])
  expect(await away.ended).toBe(5)
  await one.centre.open()
  writeFileSync(one.county.path, 'not a database')
  one.centre.offer()
  const failed = startAgent(one.folder, ['run-once'])
  expect(await failed.ended).toBe(1)
  await one.centre.close()
})

test.concurrent('two agents do not share a state folder; a killed one leaves it free', async () => {
  const one = await bench({ voters: 5 })
  const agent = startAgent(one.folder)
  await one.centre.until(({ call }) => call === 'next')
  const second = startAgent(one.folder)
  expect(await second.ended).toBe(4)
  expect(second.log()).toContain('Another agent')
  await agent.kill()
  const third = startAgent(one.folder)
  await finish(one, one.centre.offer({ extract: 'full' }), third)
  expect(readdirSync(join(one.folder, 'state'))).not.toContain('agent.lock')
})
