import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exampleRecord } from '../../src/encode/example.ts'
import { toWire } from '../../src/encode/record.ts'
import { xmlElement } from '../../src/encode/xml.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { interactiveOf, offeredCalls } from '../../src/publish/interactive.ts'
import { interactiveSchema } from '../../src/publish/interactive-schema.ts'
import { xsdPattern } from '../../src/publish/record-xsd.ts'
import { loadRoll } from '../fixtures/roll.ts'
import { schemaErrors } from './schema.ts'

const ours = new URL('../../exchanges/', import.meta.url).pathname
const invented = new URL('../fixtures/exchanges/', import.meta.url).pathname
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xsd-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function written(definition: Definition): Promise<string> {
  const interactive = interactiveOf(definition)
  if (interactive === null) throw new Error(`${definition.exchange} has no interactive interface`)
  const file = join(folder, `${definition.exchange}.xsd`)
  await writeFile(file, interactiveSchema(definition, interactive))
  return file
}

const named = (place: string) => readdir(place).then((names) => names.map((name) => join(place, name)))

test.each(await named(ours))('the example records of %s fit the schema made from it', async (place) => {
  const definition = await loadExchange(place)
  const file = await written(definition)
  const interactive = interactiveOf(definition)
  for (const { type, element, enter } of interactive?.types ?? []) {
    if (enter === null) continue
    const version = definition.versions.at(-1)?.name ?? ''
    const tree = toWire(definition, type, exampleRecord(definition, type), { version })
    const call = xmlElement('Call', {
      '@xmlns': interactive?.namespace ?? '',
      Enter: { [element]: tree },
    })
    expect(await schemaErrors(file, call)).toBe('')
  }
})

test.each(await named(invented))('the schema of %s is one', async (place) => {
  const definition = await loadExchange(place)
  const call = xmlElement('Call', { '@xmlns': interactiveOf(definition)?.namespace ?? '', Messages: {} })
  expect(await schemaErrors(await written(definition), call)).toBe('')
})

test('an exchange offers what its lifecycle allows', async () => {
  const roll = await loadRoll()
  const interactive = interactiveOf(roll)
  expect(interactive && offeredCalls(interactive)).toEqual([
    'Lookup',
    'Enter',
    'Update',
    'CorrectStatus',
    'Messages',
    'ClearMessages',
  ])
  const bare: Definition = {
    ...roll,
    types: roll.types.map(({ statusFields: _, ...type }) => ({
      ...type,
      lifecycle: { ...type.lifecycle, operations: { upsert: { from: ['submitted'], grant: 'owner' } } },
    })),
  }
  const few = interactiveOf(bare)
  expect(few && offeredCalls(few)).toEqual(['Lookup', 'Enter', 'Update', 'Messages', 'ClearMessages'])
  expect(few?.types[0]).toMatchObject({ enter: 'upsert', update: 'upsert' })
  const schema = await written(bare)
  const close =
    '<Call xmlns="urn:tributary:interactive:roll"><CorrectStatus><Type>member</Type><Key>1</Key><Close/></CorrectStatus></Call>'
  expect(await schemaErrors(schema, close)).toMatch(/CorrectStatus/)
})

test('records that are called like calls have no interactive interface; a namespace of records is that of calls', async () => {
  const roll = await loadRoll()
  const [member, dues] = roll.types
  if (member === undefined || dues === undefined) throw new Error('two types')
  const clash = { ...roll, types: [{ ...member, forms: { ...member.forms, element: 'Enter' } }, dues] }
  expect(interactiveOf(clash)).toBeNull()
  const named = {
    ...roll,
    formats: { ...roll.formats, xml: { ...roll.formats.xml, namespace: 'urn:example:roll' } },
  }
  expect(interactiveOf(named)?.namespace).toBe('urn:example:roll')
  expect(await schemaErrors(await written(named), '<Call xmlns="urn:example:roll"><Messages/></Call>')).toBe(
    '',
  )
})

test.each([
  ['[A-Z]{2}[0-9]{7}', '[A-Z]{2}[0-9]{7}'],
  ['\\d+(-\\d+)?', '\\d+(-\\d+)?'],
  ['(?i)abc', null],
  ['^a$', null],
  ['a+?', null],
  ['\\w+', null],
  ['\\bword', null],
  ['[[:alpha:]]', null],
])('the pattern %s is told as %s', (pattern, told) => {
  expect(xsdPattern(pattern)).toBe(told)
})
