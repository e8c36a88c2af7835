import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tributary, workFolder } from './tributary.ts'

const cwd = workFolder()

test('the exchanges that come with Tributary are listed, sound, and shown', async () => {
  const listed = await tributary(['exchange', 'list', '--json'], { cwd })
  const { items } = JSON.parse(listed.stdout) as { items: { exchange: string }[] }
  expect(items.map(({ exchange }) => exchange)).toContain('ripa')
  for (const { exchange } of items) {
    const { code, stdout } = await tributary(['exchange', 'check', exchange], { cwd })
    expect([exchange, code, stdout.startsWith(`✓ ${exchange}`)]).toEqual([exchange, 0, true])
    expect((await tributary(['exchange', 'show', exchange], { cwd })).code).toBe(0)
  }
})

test('a new exchange is sound, is not made twice, and gives templates that it takes itself', async () => {
  expect((await tributary(['exchange', 'new', 'visits'], { cwd })).code).toBe(0)
  expect((await tributary(['exchange', 'check', 'visits'], { cwd })).code).toBe(0)
  expect((await tributary(['exchange', 'new', 'visits'], { cwd })).code).toBe(4)
  expect((await tributary(['exchange', 'new', 'No Name!'], { cwd })).code).toBe(2)
  for (const format of ['csv', 'json', 'xml', 'xlsx']) {
    const file = `start.${format}`
    const made = await tributary(['exchange', 'template', 'visits', '--format', format, '--output', file], {
      cwd,
    })
    expect([format, made.code]).toEqual([format, 0])
    const { stdout } = await tributary(['check', file, '--exchange', 'visits', '--json'], { cwd })
    expect([format, JSON.parse(stdout).records]).toEqual([format, 1])
  }
})

test('every mistake of a definition is told at once, with file and line', async () => {
  await tributary(['exchange', 'new', 'broken'], { cwd })
  const type = join(cwd, 'broken/types/visit.yaml')
  const text = readFileSync(type, 'utf8')
  writeFileSync(type, text.replace('list: site', 'list: sight').replace("it.kind == 'F'", "it.kin == 'F'"))
  const people = await tributary(['exchange', 'check', 'broken'], { cwd })
  expect(people.code).toBe(1)
  expect(people.stdout).toMatch(/types\/visit\.yaml:\d+:\d+: .*sight/)
  expect(people.stdout).toMatch(/types\/visit\.yaml:\d+:\d+: .*kin/)
  const programs = await tributary(['exchange', 'check', 'broken', '--json'], { cwd })
  expect(JSON.parse(programs.stdout)).toMatchObject({
    valid: false,
    problems: [{ file: 'types/visit.yaml' }, {}],
  })
})

test('two definitions are compared by what differs for senders', async () => {
  await tributary(['exchange', 'new', 'one'], { cwd })
  await tributary(['exchange', 'new', 'one', '--folder', 'two'], { cwd })
  expect((await tributary(['exchange', 'compare', 'one', 'two'], { cwd })).code).toBe(0)
  const type = join(cwd, 'two/types/visit.yaml')
  writeFileSync(type, readFileSync(type, 'utf8').replace('length: [1, 20]', 'length: [1, 30]'))
  const { code, stdout } = await tributary(['exchange', 'compare', 'one', 'two', '--json'], { cwd })
  expect(code).toBe(1)
  expect(JSON.parse(stdout).differences).toEqual([
    { place: 'visit.visit_no lengthMax', change: 'changed', before: '20', after: '30' },
  ])
})
