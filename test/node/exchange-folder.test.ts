import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { Fault } from '../../src/fault/fault.ts'
import { checkExchangeFolder, loadExchange, readExchangeFolder } from '../../src/node/exchange-folder.ts'
import { starterFiles } from '../../src/publish/starter.ts'

const made: string[] = []
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exchange-'))
  made.push(folder)
  for (const [path, text] of Object.entries(starterFiles('visits', 'Visits'))) await write(path, text)
})

afterAll(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true })
})

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Fault)
  expect(error).toMatchObject({ code: 'DEFINITION_WRONG' })
  return error as Fault
}

test('a folder is read and loaded; samples and cases in it are no part of the definition', async () => {
  await write('cases/one/input.json', '{}')
  expect([...(await readExchangeFolder(folder)).keys()]).toEqual([
    'exchange.yaml',
    'types/visit.yaml',
    'codes/site.csv',
  ])
  expect((await loadExchange(folder)).lists.site?.values).toHaveLength(2)
})

test('imported codes stand in for the sample in the folder', async () => {
  const values = [{ code: 'x', label: 'X', from: null, until: null }]
  const definition = await loadExchange(folder, new Map([['site', values]]))
  expect(definition.lists.site?.values).toEqual(values)
})

test('every problem of a definition stands in the fault, with file and line', async () => {
  await write('exchange.yaml', 'exchange: visits\ntitel: Visits\ntypes: [visit]\n')
  const fault = await faultOf(loadExchange(folder))
  expect(fault.message).toContain("exchange.yaml:2:1: There is no key 'titel' here. Did you mean 'title'?")
  expect(fault.message).toContain('types/visit.yaml:')
  expect((await checkExchangeFolder(folder)).problems.length).toBeGreaterThan(2)
})

test('a folder that is not there, or is a file, is told', async () => {
  expect((await faultOf(loadExchange(join(folder, 'none')))).message).toContain('none does not exist.')
  expect((await faultOf(loadExchange(join(folder, 'exchange.yaml')))).message).toContain('is not a folder.')
})

test('a folder without exchange.yaml is a problem of the definition', async () => {
  await rm(join(folder, 'exchange.yaml'))
  expect((await faultOf(loadExchange(folder))).message).toContain('There is no file exchange.yaml.')
})

test('a file that is not UTF-8, or cannot be read, is told by its path', async () => {
  await write('codes/site.csv', Uint8Array.of(0x63, 0xff, 0xfe))
  expect((await faultOf(loadExchange(folder))).message).toContain('codes/site.csv is not UTF-8 text.')
  await rm(join(folder, 'codes/site.csv'))
  await mkdir(join(folder, 'codes/site.csv'))
  expect((await faultOf(loadExchange(folder))).message).toContain('codes/site.csv cannot be read (EISDIR).')
})

test('the exchanges that come with Tributary have no problems', async () => {
  const ripa = fileURLToPath(new URL('../../exchanges/ripa', import.meta.url))
  expect((await checkExchangeFolder(ripa)).problems).toEqual([])
})
