import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Definition } from '../../src/exchange/definition.ts'
import { tributary, workFolder } from '../cli/tributary.ts'
import { startCentre } from './centre.ts'
import { rollDefinition, sqliteCounty } from './county.ts'

let definition: Definition
const cwd = workFolder()

beforeAll(async () => {
  definition = await rollDefinition()
})

test('from the questions to the first job, as the guide says', async () => {
  const centre = await startCentre(definition)
  const county = sqliteCounty(cwd, 300)
  county.run(
    'create view tributary_voter as select number as voternumber, name as surname, born as BirthDate, party, changed as changed_by from voter',
    "update voter set party = 'Q' where number <= 2",
  )
  const run = (words: readonly string[], input = '') =>
    tributary(['agent', ...words, '--config', join(cwd, 'etc', 'agent.yaml')], { cwd, input })
  const answers = [centre.url, 'north-agent', 's3cret', 'sqlite', county.path, 'tributary_voter', 'yes']
  const init = await run(['init', '--state', join(cwd, 'state')], `${answers.join('\n')}\n`)
  expect([init.code, init.stderr]).toEqual([
    0,
    expect.stringContaining('To be named in the file: surname, changed_by.'),
  ])
  const file = join(cwd, 'etc', 'agent.yaml')
  for (const name of ['agent.yaml', 'node-secret', 'key'])
    expect(statSync(join(cwd, 'etc', name)).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'utf8')
  expect(text).not.toContain('s3cret')
  expect((await run(['init'], '')).stderr).toContain('exists already')

  const first = await run(['check'])
  expect(first.stdout).toContain("No column gives 'FullName', which every record must have.")
  writeFileSync(file, text.replace('surname:', 'surname: FullName'))
  const second = await run(['check', '--json'])
  expect([second.code, JSON.parse(second.stdout).ok]).toEqual([0, true])
  expect(second.stdout).toContain('of the first 200 records 2 have errors')
  expect(second.stdout).toContain('2 × F004C Party')

  expect((await run(['status'])).stdout).toContain('No agent has run here yet.')
  centre.offer({ extract: 'full' })
  expect((await run(['run-once'])).code).toBe(0)
  expect(centre.held.size).toBe(300)
  await run(['run-once'])
  const status = await run(['status'])
  expect(status.stdout).toMatch(/node +http:.*answers/)
  expect(status.stdout).toMatch(/nightly +roll +done +300/)
  expect(status.code).toBe(0)
  const unit = await run(['install', '--print'])
  expect(unit.stdout).toContain(`agent run --config ${file}`)
  await centre.close()
})

test('what is wrong is told by check, each thing by itself', async () => {
  const centre = await startCentre(definition)
  const folder = join(cwd, 'wrong')
  mkdirSync(folder)
  const file = join(folder, 'agent.yaml')
  const county = sqliteCounty(folder, 3)
  const config = {
    node: { url: centre.url, client_id: 'a', client_secret: 'b' },
    state: 'state',
    sources: {
      ems: { driver: 'sqlite', path: county.path },
      away: { driver: 'sqlite', path: 'away.sqlite' },
    },
    batches: [{ exchange: 'roll', source: 'ems', view: 'voter', columns: { name: 'Fullnme' } }],
  }
  writeFileSync(file, JSON.stringify(config))
  const check = await tributary(['agent', 'check', '--config', file], { cwd })
  expect(check.code).toBe(1)
  expect(check.stdout).toContain('wrong  Source away (sqlite)')
  expect(check.stdout).toContain(
    "There is no field 'Fullnme' for the column 'name'. Did you mean 'FullName'?",
  )
  expect(check.stdout).toContain('good   Source ems')
  await centre.close()
  const alone = await tributary(['agent', 'check', '--config', file], { cwd })
  expect(alone.stdout).toContain(`wrong  Node ${centre.url}`)
  const none = await tributary(['agent', 'run', '--config', join(folder, 'none.yaml')], { cwd })
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('cannot be read (ENOENT)')])
})
