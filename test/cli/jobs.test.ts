import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { tributary, workFolder } from './tributary.ts'

/** Jobs, calendars, alerts and sessions by command, against a real node. */

const folder = workFolder()
const password = 'a-Passphrase-of-our-own-7'
let node: NodeProcess
const centre: Record<string, string> = {
  TRIBUTARY_CLIENT_ID: 'administrator',
  TRIBUTARY_CLIENT_SECRET: password,
}
const county: Record<string, string> = {}

beforeAll(async () => {
  node = await startTributary({
    TRIBUTARY_DATA: join(folder, 'data'),
    TRIBUTARY_EXCHANGES: new URL('../fixtures/exchanges', import.meta.url).pathname,
  })
  const client = await firstSignIn(node, password)
  await client.json('POST', '/v1/partners', { body: { name: 'alder', title: 'Alder County' } })
  await client.json('POST', '/v1/accounts', {
    body: { name: 'alder-web', partner: 'alder', kind: 'machine' },
  })
  await client.json('PUT', '/v1/accounts/alder-web/grants/wells', { body: { grants: ['submit', 'read'] } })
  const { clientSecret } = await client.json<{ clientSecret: string }>(
    'POST',
    '/v1/accounts/alder-web/secret',
  )
  Object.assign(centre, { TRIBUTARY_URL: node.url })
  Object.assign(county, {
    TRIBUTARY_URL: node.url,
    TRIBUTARY_CLIENT_ID: 'alder-web',
    TRIBUTARY_CLIENT_SECRET: clientSecret,
  })
}, 90_000)

afterAll(() => node?.kill())

const run = (...args: string[]) => tributary(args, { cwd: folder, env: centre })
const asCounty = (...args: string[]) => tributary(args, { cwd: folder, env: county })

const MADE = ['--exchange', 'wells', '--extract', 'changes', '--zone', 'UTC', '--partner', 'alder']

test('a job is made by flags, changed in one thing, and made by a file', async () => {
  const made = await run('job', 'put', 'nightly', ...MADE, '--cron', '30 1 * * *', '--window', '22:00-05:00')
  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(made.stdout).toMatch(/Window +22:00-05:00/)
  const changed = await run('job', 'put', 'nightly', '--retry-minutes', '15', '--json')
  expect(JSON.parse(changed.stdout)).toMatchObject({
    retryMinutes: 15,
    cron: '30 1 * * *',
    window: { from: '22:00', until: '05:00' },
    partners: ['alder'],
  })
  const file =
    'title: From a file\nexchange: wells\nextract: full\nzone: UTC\nownStart: { perDayMax: 2, atOnceMax: 1 }\n'
  await writeFile(join(folder, 'job.yaml'), file)
  expect((await run('job', 'put', 'by-file', '--file', 'job.yaml')).stdout).toMatch(
    /Own start +at any time, 2 a day, 1 at once/,
  )
  const missing = await run('job', 'put', 'nothing', '--title', 'Nothing')
  expect(missing.code).toBe(2)
  expect(missing.stderr).toMatch(/give at least --exchange, --extract and --zone/)
  expect((await run('job', 'list')).stdout).toMatch(/nightly +wells +live +changes +alder +30 1 \* \* \*/)
}, 120_000)

test('days of rest are left out of the schedule', async () => {
  const rest = await run('calendar', 'rest', 'elections', '2099-01-01', '2099-12-31', 'A year of elections')
  expect(rest.stdout).toMatch(/2099-01-01 +2099-12-31 +A year of elections/)
  await run('job', 'put', 'once', ...MADE, '--cron', '0 0 1 6 *', '--calendar', 'elections')
  const next = await run('job', 'next', 'once', '--count', '100')
  expect(next.stdout).toContain('2098-06-01T00:00:00.000Z')
  expect(next.stdout).not.toContain('2099')
  expect((await run('calendar', 'remove', 'elections')).code).not.toBe(0)
  await run('job', 'put', 'once', '--calendar', 'none')
  expect((await run('calendar', 'remove', 'elections')).code).toBe(0)
}, 120_000)

test('a run is started, seen in the queue, and cancelled', async () => {
  await run('job', 'put', 'now', ...MADE)
  const started = await run('job', 'run', 'now', '--json')
  const [made] = (JSON.parse(started.stdout) as { items: { run: string }[] }).items
  expect(made).toMatchObject({ partner: 'alder', state: 'scheduled', place: 1 })
  const status = await asCounty('job', 'status', made?.run ?? '')
  expect(status.stdout).toMatch(/Job +now for alder/)
  expect((await asCounty('job', 'runs', '--open')).stdout).toContain(made?.run)
  expect((await asCounty('job', 'cancel', made?.run ?? '')).code).not.toBe(0)
  expect((await run('job', 'cancel', made?.run ?? '')).stdout).toMatch(/is cancelled/)
  expect((await asCounty('job', 'run', 'now')).stderr).toMatch(/Partners do not start job now/)
  expect((await run('job', 'pause', 'now', '--reason', 'Moving')).stdout).toBe('now is paused.\n')
  expect((await run('job', 'run', 'now')).stderr).toMatch(/is paused. Moving/)
  expect((await run('job', 'resume', 'now')).code).toBe(0)
  expect((await run('job', 'remove', 'now')).code).toBe(0)
}, 120_000)

test('where nothing was sent and nothing is wrong, lists are empty', async () => {
  for (const words of [
    ['alert', 'list'],
    ['job', 'agents'],
    ['job', 'attempts', '--state', 'done'],
  ])
    expect(await run(...words, '--json')).toMatchObject({ code: 0, stdout: '{"items":[]}\n' })
  expect((await run('session', 'list', '--kind', 'submission')).stdout).toMatch(/^Session +Partner/)
}, 120_000)
