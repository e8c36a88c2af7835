import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { electorsFolder, NC_VOTERS, ncFile, ruleText } from '../fixtures/electors.ts'
import { firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { tributary, workFolder } from './tributary.ts'

/** Rules by command: alone on a machine, and against a real node. */

const folder = workFolder()
const password = 'a-Passphrase-of-our-own-7'
let node: NodeProcess
const env: Record<string, string> = {
  TRIBUTARY_CLIENT_ID: 'administrator',
  TRIBUTARY_CLIENT_SECRET: password,
}

beforeAll(async () => {
  await cp(electorsFolder, join(folder, 'exchanges', 'electors'), { recursive: true })
  await writeFile(join(folder, 'rules.yaml'), await ruleText('north-carolina'))
  await writeFile(
    join(folder, 'wrong.yaml'),
    'types:\n  elector:\n    fields:\n      partty: { crosswalk: party }\n',
  )
  await writeFile(join(folder, 'voters.txt'), ncFile(NC_VOTERS))
  const exchanges = join(folder, 'exchanges')
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data'), TRIBUTARY_EXCHANGES: exchanges })
  const centre = await firstSignIn(node, password)
  await centre.json('POST', '/v1/partners', { body: { name: 'alder', title: 'Alder County' } })
  Object.assign(env, { TRIBUTARY_URL: node.url, TRIBUTARY_EXCHANGES: exchanges })
}, 90_000)

afterAll(() => node?.kill())

const run = (...args: string[]) => tributary(args, { cwd: folder, env })

test('check tells every problem with its place, and without any what the rules change', async () => {
  const wrong = await run('rules', 'check', 'wrong.yaml', '-e', 'electors')
  expect(wrong.code).toBe(2)
  expect(wrong.stdout).toContain(
    "wrong.yaml:4:7 types.elector.fields.partty: There is no field 'partty' here. Did you mean 'party'?",
  )
  const right = await run('rules', 'check', 'rules.yaml', '-e', 'electors')
  expect(right.code).toBe(0)
  expect(right.stdout).toContain('elector layouts')
  const nothing = await tributary(['rules', 'check', '-', '-e', 'electors'], {
    cwd: folder,
    env,
    input: '{}',
  })
  expect(nothing.stdout).toContain('The rules change nothing.')
})

test('a file is checked with rules as the centre would judge it', async () => {
  const without = await run('check', 'voters.txt', '-e', 'electors', '--json')
  expect(JSON.parse(without.stdout)).toMatchObject({ outcomes: { rejected: 5 } })
  const args = [
    'check',
    'voters.txt',
    '-e',
    'electors',
    '--partner',
    'alder',
    '--rules',
    'rules.yaml',
    '--json',
  ]
  expect(JSON.parse((await run(...args)).stdout)).toMatchObject({
    outcomes: { created: 3, filtered: 2, rejected: 0 },
  })
  const wrong = await run('check', 'voters.txt', '-e', 'electors', '--rules', 'wrong.yaml')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('wrong.yaml:4:7')
})

test('rules are tried, put, listed, shown, compared and withdrawn', async () => {
  const tried = await run('rules', 'try', 'electors', 'alder', 'voters.txt', '--rules', 'rules.yaml')
  expect(tried.code).toBe(1)
  expect(tried.stdout).toContain('party: DEM → democratic (crosswalk party)')
  expect(tried.stdout).toContain('NC-REMOVED info: A removed voter.')
  expect(tried.stdout).toContain(
    '5 records: 2 not taken (0 rejected, 2 filtered), 1 with errors, 4 translated.',
  )

  const put = await run('rules', 'put', 'electors', 'alder', 'rules.yaml', '--reason', 'As published')
  expect(put.code).toBe(0)
  expect(put.stdout).toMatch(/^Version 1 of alder takes effect at /)
  const refused = await run('rules', 'put', 'electors', 'alder', 'wrong.yaml', '--reason', 'x')
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain("There is no field 'partty' here.")
  const time = '2999-01-01T00:00:00Z'
  const later = await run(
    'rules',
    'put',
    'electors',
    '*',
    'rules.yaml',
    '--reason',
    'Later',
    '--effective',
    time,
  )
  expect(later.stdout).toBe('Version 1 of * takes effect at 2999-01-01T00:00:00.000Z.\n')

  expect((await run('rules', 'show', 'electors', 'alder', '1')).stdout).toBe(await ruleText('north-carolina'))
  const compared = await run('rules', 'compare', 'electors', 'alder', '0', '1')
  expect(compared).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('crosswalks party map alder') as string,
  })
  const withdrawn = await run('rules', 'withdraw', 'electors', '*', '1', '--reason', 'Not so far off')
  expect(withdrawn.stdout).toBe('Version 1 of * is withdrawn.\n')
  const list = await run('rules', 'list', 'electors')
  expect(list.stdout).toMatch(/\* +1 +withdrawn[\s\S]*alder +1 +in-effect/)
})
