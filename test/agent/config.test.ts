import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readAgentConfig } from '../../src/agent/config.ts'
import { agentConfigSchema } from '../../src/agent/config-schema.ts'
import { configText } from '../../src/agent/config-text.ts'
import { unitText } from '../../src/agent/unit.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-agent-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(text: string, env: NodeJS.ProcessEnv = {}) {
  const path = join(folder, 'agent.yaml')
  writeFileSync(path, text)
  return readAgentConfig(path, env)
}

const problemsOf = (text: string) =>
  read(text).then(
    () => [],
    (error: Error) => error.message.split('\n').map((line) => line.replace(folder, '')),
  )

const valid = new Ajv2020({ strict: false, allowUnionTypes: true }).compile(agentConfigSchema())

const small = `
node: { url: https://node.example.org, client_id: a, client_secret: { env: SECRET } }
sources: { ems: { driver: sqlite, path: ems.sqlite } }
batches: [{ exchange: voter, source: ems, view: voters }]
`

test('defaults are filled in, paths start at the file, secrets come from where they are', async () => {
  writeFileSync(join(folder, 'key'), `${'0f'.repeat(32)}\n`)
  const config = await read(`${small}state: state\nkey: { file: key }\n`, { SECRET: 's3' })
  expect(config).toMatchObject({
    node: { clientSecret: 's3', proxy: null, ca: null },
    state: join(folder, 'state'),
    poll: { seconds: 15, waitSeconds: 0, backoffSeconds: 300, atOnce: 1 },
  })
  expect(config.key?.length).toBe(32)
  expect(config.sources.get('ems')?.spec).toEqual({ driver: 'sqlite', path: join(folder, 'ems.sqlite') })
  expect(config.batches[0]).toMatchObject({ realm: 'live', check: { mode: 'report', shareMax: 0.1 } })
})

test('everything wrong is told at once, with its line', async () => {
  const problems = await problemsOf(`
node: { url: http://node.example.org, client_id: a, client_secret: { env: NOT_THERE } }
poll: { seconds: 0 }
key: abc
sources:
  ems: { driver: postgress }
  files: { driver: files, path: . }
batches:
  - { exchange: voter, source: emss, view: "voters; drop table x" }
  - { exchange: voter, source: files, view: "*.csv", where: x = 1, changes: { by: tracking, table: t } }
colour: red
`)
  const text = problems.join('\n')
  for (const told of [
    "There is no key 'colour' here.",
    "'seconds' is not a whole number from 1 to 86400",
    "'driver' is none of",
    "'http://node.example.org' is not an https address.",
    'The variable NOT_THERE is not set.',
    "'key' is not 64 hexadecimal digits.",
    "There is no source 'emss'. Did you mean 'ems'?",
    "'voters; drop table x' is not the name of a view.",
    "'where' cannot be used so.",
    "The key 'sequence' is missing here",
    'The batch voter (live) stands twice.',
  ])
    expect(text).toContain(told)
  expect(problems.every((line) => /:\d+:\d+: /.test(line))).toBe(true)
})

test('the schema takes what the reader takes', async () => {
  expect(valid(parse(small))).toBe(true)
  expect(valid({ ...parse(small), colour: 'red' })).toBe(false)
  expect(valid({ ...parse(small), poll: { seconds: 'x' } })).toBe(false)
})

test('the file that init writes can be read, by us and by the schema', async () => {
  for (const name of ['node-secret', 'database-password']) writeFileSync(join(folder, name), 'pass: word\n')
  writeFileSync(join(folder, 'key'), '0f'.repeat(32))
  const text = configText({
    url: 'https://node.example.org',
    clientId: 'north:agent',
    secretFile: 'node-secret',
    ca: null,
    proxy: 'http://proxy:3128',
    keyFile: 'key',
    state: '/var/lib/tributary-agent',
    source: {
      name: 'ems',
      passwordFile: 'database-password',
      spec: {
        driver: 'oracle',
        host: 'db',
        port: 0,
        database: 'EMS #1',
        user: 'yes',
        password: 'x',
        tls: 'verify',
        ca: null,
      },
    },
    batches: [
      {
        exchange: 'voter',
        views: [{ type: 'voter', view: 'ems."Voters"', unknown: ['REG NO', 'x'], changes: 'snapshot' }],
      },
      {
        exchange: 'precinct',
        views: [
          { type: 'district', view: 'd', unknown: [], changes: 'all' },
          { type: 'precinct', view: 'p', unknown: [], changes: 'all' },
        ],
      },
    ],
  })
  expect(valid(parse(text))).toBe(true)
  const config = await read(text)
  expect(config.node).toMatchObject({ clientId: 'north:agent', ca: null, proxy: 'http://proxy:3128' })
  expect(config.sources.get('ems')?.spec).toMatchObject({
    user: 'yes',
    database: 'EMS #1',
    password: 'pass: word',
  })
  expect(config.batches[0]?.views[0]?.columns).toEqual(
    new Map([
      ['REG NO', null],
      ['x', null],
    ]),
  )
  expect(config.batches[1]?.views.map(({ type }) => type)).toEqual(['district', 'precinct'])
})

test('the unit quotes its paths and may do little', () => {
  const unit = unitText({
    node: '/usr/bin/node',
    program: '/opt/tri butary/bin/tributary.js',
    config: '/etc/100%/agent.yaml',
    state: '/srv/state',
    user: 'tributary-agent',
  })
  expect(unit).toContain(
    'ExecStart=/usr/bin/node "/opt/tri butary/bin/tributary.js" agent run --config /etc/100%%/agent.yaml',
  )
  expect(unit).toContain('ReadWritePaths=/srv/state')
  for (const line of [
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'CapabilityBoundingSet=',
    'Restart=always',
  ])
    expect(unit).toContain(line)
})
