import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { json, problem, type SmallNode, startSmallNode, submission } from './small-node.ts'
import { tributary, workFolder } from './tributary.ts'

const cwd = workFolder()
const elsewhere = workFolder()
writeFileSync(join(cwd, 'visits.csv'), 'VisitNo,Day\n1,2026-01-05\n')

let node: SmallNode | undefined
afterEach(() => node?.close())

async function start(routes: Parameters<typeof startSmallNode>[0]): Promise<Record<string, string>> {
  node = await startSmallNode(routes)
  return { TRIBUTARY_URL: node.url, TRIBUTARY_CLIENT_ID: 'feed', TRIBUTARY_CLIENT_SECRET: 's3cret' }
}

const SEND = 'POST /v1/exchanges/visits/submissions'
const submitArgs = ['submit', 'visits.csv', '--exchange', 'visits']

test('submit sends the bytes of the file, follows the events and shows the outcome table', async () => {
  const env = await start({
    [SEND]: (_, response) => json(response, submission({ state: 'queued' }), 202),
    'GET /v1/submissions/1-abc/events': (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const half = submission({ state: 'processing', progress: { records: 1, share: 0.5 } })
      response.write(`event: progress\r\ndata: ${JSON.stringify(half)}\r\n\r\n`)
      response.end(`event: closed\ndata: ${JSON.stringify(submission())}\n\n`)
    },
    'GET /v1/submissions/1-abc': (_, response) => json(response, submission()),
  })
  const { code, stdout, stderr } = await tributary(submitArgs, { cwd, env })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/created +2\n[\s\S]*unchanged +1\n[\s\S]*received +3\n/)
  const sent = node?.seen.find(({ method, path }) => `${method} ${path.split('?')[0]}` === SEND)
  expect(sent?.body).toBe(readFileSync(join(cwd, 'visits.csv'), 'utf8'))
  expect(sent?.headers).toMatchObject({ authorization: 'Bearer token-1', 'x-file-name': 'visits.csv' })
  expect(sent?.path).toContain('scope=incremental&dryRun=false&realm=live')
})

test('submit ends with 1 when records were rejected, and says where to look', async () => {
  const counts = { ...submission().counts, created: 1, rejected: 1 }
  const env = await start({
    [SEND]: (_, response) => json(response, submission({ counts }), 202),
    'GET /v1/submissions/1-abc': (_, response) => json(response, submission({ counts })),
  })
  const people = await tributary(submitArgs, { cwd, env })
  expect(people.code).toBe(1)
  expect(people.stdout).toContain('tributary errors 1-abc --file')
  const programs = await tributary([...submitArgs, '--json'], { cwd, env })
  expect(programs.code).toBe(1)
  expect(JSON.parse(programs.stdout).submissions[0].counts.rejected).toBe(1)
})

test('a delivery that was not answered is sent again under the same idempotency key', async () => {
  let calls = 0
  const env = await start({
    [SEND]: (_, response) => {
      calls += 1
      if (calls === 1) response.destroy()
      else if (calls === 2) problem(response, 503, 'LANE_BUSY', 'Busy.')
      else json(response, submission(), 202)
    },
  })
  const { code, stderr } = await tributary([...submitArgs, '--no-wait'], { cwd, env })
  expect([code, calls]).toEqual([0, 3])
  expect(stderr).toContain('Trying again.')
  const keys = node?.seen.flatMap(({ headers }) => headers['idempotency-key'] ?? [])
  expect(keys).toHaveLength(3)
  expect(new Set(keys).size).toBe(1)
})

test('a held submission ends with 1 and is not waited for', async () => {
  const held = submission({ state: 'held', reason: 'It would delete 40 of 50 records.' })
  const env = await start({
    [SEND]: (_, response) => json(response, held, 202),
    'GET /v1/submissions/1-abc': (_, response) => json(response, held),
  })
  const { code, stdout } = await tributary([...submitArgs, '--refresh'], { cwd, env })
  expect(code).toBe(1)
  expect(stdout).toContain('It would delete 40 of 50 records.')
})

test('a held submission is shown with what it would do, and is released or cancelled', async () => {
  const held = submission({ state: 'held', reason: 'It would delete 40 of 50 records.' })
  const env = await start({
    'GET /v1/submissions/1-abc': (_, response) => json(response, held),
    'GET /v1/submissions/1-abc/preview': (_, response) => json(response, { live: 50, removed: 40 }),
    'POST /v1/submissions/1-abc/release': (_, response) => json(response, submission({ state: 'queued' })),
    'POST /v1/submissions/1-abc/cancel': (_, response) => json(response, submission({ state: 'cancelled' })),
  })
  const shown = await tributary(['status', '1-abc'], { cwd, env })
  expect(shown.code).toBe(1)
  expect(shown.stdout).toMatch(/live +50\nremoved +40\n/)
  expect((await tributary(['status', '1-abc', '--release'], { cwd, env })).code).toBe(0)
  expect((await tributary(['status', '1-abc', '--cancel', 'Wrong file.'], { cwd, env })).code).toBe(1)
  expect(node?.seen.find(({ path }) => path.endsWith('/cancel'))?.body).toBe('{"reason":"Wrong file."}')
  expect((await tributary(['status', '1-abc', '--release', '--cancel'], { cwd, env })).code).toBe(2)
})

test('each kind of refusal has its exit code and one line', async () => {
  const env = await start({
    'GET /v1/submissions/none': (_, response) =>
      problem(response, 404, 'NOT_FOUND', 'There is no submission none.'),
    'GET /v1/submissions/other': (_, response) => problem(response, 403, 'NOT_ALLOWED', 'You may not.'),
    'GET /v1/submissions/away': (_, response) => problem(response, 503, 'DATABASE_AWAY', 'Not now.'),
    'GET /v1/submissions/broken': (_, response) => problem(response, 500, 'UNEXPECTED', 'It went wrong.'),
  })
  for (const [tracking, exit] of [
    ['none', 3],
    ['other', 4],
    ['away', 5],
    ['broken', 6],
  ] as const) {
    const { code, stdout, stderr } = await tributary(['status', tracking], { cwd, env })
    expect([tracking, code, stdout]).toEqual([tracking, exit, ''])
    expect(stderr).toMatch(/^error: [^\n]+\n$/)
  }
  const gone = { ...env, TRIBUTARY_URL: 'http://127.0.0.1:9' }
  expect((await tributary(['status'], { cwd, env: gone })).code).toBe(5)
  const wrong = { ...env, TRIBUTARY_CLIENT_SECRET: 'guess' }
  expect((await tributary(['status'], { cwd, env: wrong })).code).toBe(4)
})

test('a token that has expired is replaced, once', async () => {
  let calls = 0
  const env = await start({
    'GET /v1/submissions': (_, response) => {
      calls += 1
      if (calls === 1) problem(response, 401, 'NOT_SIGNED_IN', 'The token has expired.')
      else json(response, { items: [submission()], next: null })
    },
  })
  const { code, stdout } = await tributary(['status', '--json'], { cwd, env })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).items).toHaveLength(1)
})

test('errors downloads the error file whole, and never over another file', async () => {
  const env = await start({
    'GET /v1/submissions/1-abc/findings/summary': (_, response) =>
      json(response, {
        items: [{ code: 'V100', severity: 'error', count: 2, message: 'Too long.', field: 'Days' }],
      }),
    'GET /v1/submissions/1-abc/error-file': (_, response) =>
      response
        .writeHead(200, { 'content-disposition': `attachment; filename="../../visits-errors.csv"` })
        .end('VisitNo\n1\n'),
  })
  const first = await tributary(['errors', '1-abc', '--file'], { cwd, env })
  expect(first.code).toBe(1)
  expect(first.stdout).toMatch(/2 +error +V100 +Days +Too long\./)
  expect(readFileSync(join(cwd, 'visits-errors.csv'), 'utf8')).toBe('VisitNo\n1\n')
  const second = await tributary(['errors', '1-abc', '--file'], { cwd, env })
  expect(second.code).toBe(4)
  expect(second.stderr).toContain('visits-errors.csv exists already')
})

test('login keeps the profile for this user alone, and later commands use it', async () => {
  const env = await start({
    'GET /v1/exchanges': (_, response) => json(response, { items: [{ exchange: 'visits' }] }),
    'GET /.well-known/jwks.json': (_, response) => json(response, { keys: [{ kid: 'k1', kty: 'OKP' }] }),
    'GET /v1/submissions': (_, response) => json(response, { items: [], next: null }),
  })
  const login = ['login', '--url', env.TRIBUTARY_URL ?? '', '--client-id', 'feed']
  expect((await tributary(login, { cwd, input: 'wrong\n' })).code).toBe(4)
  const { code, stdout } = await tributary(login, { cwd, input: 's3cret\n' })
  expect(code).toBe(0)
  expect(stdout).toContain('Exchanges: visits')
  const profile = join(cwd, '.config/tributary/profile.json')
  expect(statSync(profile).mode & 0o777).toBe(0o600)
  expect((await tributary(['status'], { cwd })).code).toBe(0)
})

test('the kept secret is never sent to another address, and no secret over plain HTTP', async () => {
  const env = await start({
    'GET /v1/exchanges': (_, response) => json(response, { items: [] }),
    'GET /.well-known/jwks.json': (_, response) => json(response, { keys: [] }),
  })
  await tributary(['login', '--url', env.TRIBUTARY_URL ?? '', '--client-id', 'feed'], {
    cwd: elsewhere,
    input: 's3cret\n',
  })
  const other = await tributary(['status', '--url', 'https://elsewhere.invalid'], { cwd: elsewhere })
  expect([other.code, other.stdout]).toEqual([2, ''])
  const plain = await tributary(['status', '--url', 'http://node.invalid'], { cwd: elsewhere, env })
  expect(plain.code).toBe(2)
  expect(plain.stderr).toContain('unencrypted')
})
