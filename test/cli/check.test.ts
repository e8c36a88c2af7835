import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { tributary, workFolder } from './tributary.ts'

const cwd = workFolder()

beforeAll(async () => {
  const made = await tributary(['exchange', 'new', 'visits', '--title', 'Library visits'], { cwd })
  expect(made).toMatchObject({ code: 0, stderr: '' })
})

interface Checked {
  exchange: string
  version: string
  records: number
  outcomes: Record<string, number>
  findings: { position: number; record: string | null; code: string; severity: string; path: string }[]
  onlyCentre: { code: string }[]
}

async function check(
  name: string,
  content?: string | Buffer,
): Promise<{ code: number | null; result: Checked }> {
  if (content !== undefined) writeFileSync(join(cwd, name), content)
  const { code, stdout, stderr } = await tributary(['check', name, '--exchange', 'visits', '--json'], { cwd })
  expect(stderr).toBe('')
  return { code, result: JSON.parse(stdout) as Checked }
}

test('the sample of a new exchange is checked at once, without a server', async () => {
  const { code, result } = await check('visits/samples/visits.csv')
  expect(code).toBe(1)
  expect(result).toMatchObject({ exchange: 'visits', version: '1', records: 2 })
  expect(result.outcomes).toMatchObject({ created: 2, rejected: 0, withErrors: 1 })
  expect(result.findings).toMatchObject([
    { position: 2, record: '1002', code: 'F003C', severity: 'error', path: 'site' },
    { position: 2, record: '1002', code: 'V100', severity: 'error', path: 'loans[1].days' },
  ])
})

test('a file without faults ends with 0', async () => {
  const record = { VisitNo: '7', Day: '2026-01-05', Site: 'north', Action: 'N' }
  const { code, result } = await check('clean.ndjson', JSON.stringify(record))
  expect([code, result.records, result.findings]).toEqual([0, 1, []])
})

test('outcomes add up to the records, and a duplicate inside the file is found', async () => {
  const record = (no: string, action: string) =>
    JSON.stringify({ VisitNo: no, Day: '2026-01-05', Site: 'north', Action: action })
  const records = [record('1', 'N'), record('2', 'N'), record('1', 'N'), record('1', 'C'), record('9', 'D')]
  const { code, result } = await check('twice.ndjson', `${records.join('\n')}\n${record('', 'N')}\n`)
  expect(code).toBe(1)
  expect(result.records).toBe(6)
  expect(result.outcomes).toEqual({
    ...{ created: 2, updated: 0, unchanged: 1, deleted: 1, rejected: 2, filtered: 0 },
    withErrors: 0,
  })
  expect(result.findings).toContainEqual(
    expect.objectContaining({ position: 3, code: 'V001', severity: 'fatal' }),
  )
  expect(result.findings).toContainEqual(expect.objectContaining({ position: 6, code: 'F001R' }))
})

test('what only the centre can check is listed', async () => {
  const { result } = await check('visits/samples/visits.json')
  expect(result.onlyCentre.map(({ code }) => code)).toEqual(expect.arrayContaining(['V001', 'V002', 'V003']))
})

describe('a file that cannot be read is a finding, not a failure', () => {
  test.each([
    ['empty.csv', ''],
    ['cut.json', '{"visits": [{"VisitNo": "1"'],
    ['cut.zip', Buffer.from('PK\u0003\u0004 and no more')],
    ['noise.xlsx', Buffer.from([1, 2, 3, 4])],
  ])('%s', async (name, content) => {
    const { code, result } = await check(name, content)
    expect(code).toBe(1)
    expect(result.findings).toMatchObject([{ severity: 'fatal' }])
  })
})

test('a file is held against its name where it is checked as a file to be uploaded', async () => {
  const stop = readFileSync(new URL('../../exchanges/ripa/cases/tc03/input.json', import.meta.url))
  const named = async (name: string, ...more: readonly string[]) => {
    writeFileSync(join(cwd, name), stop)
    const words = ['check', name, '--exchange', 'ripa', '--today', '2024-03-20', '--json', ...more]
    const { findings } = JSON.parse((await tributary(words, { cwd })).stdout) as Checked
    return findings.filter(({ code }) => code.startsWith('FILE_')).map(({ code, path }) => [code, path])
  }
  expect(await named('20240301120000_CA0990100_CASE000003.json', '--as-file')).toEqual([])
  const wrong = '20240301120000_CA0990100_CASE000004.json'
  expect(await named(wrong, '--as-file')).toEqual([['FILE_NAME_DISAGREES', 'lea_record_id']])
  expect(await named(wrong)).toEqual([])
  expect(await named('stop.json', '--as-file')).toEqual([['FILE_NAME_WRONG', '']])
})

test('for people there is a summary by code and the outcome table', async () => {
  const { code, stdout } = await tributary(
    ['check', 'visits/samples/visits.csv', '--exchange', 'visits', '--all'],
    { cwd },
  )
  expect(code).toBe(1)
  expect(stdout).toContain('record 2, 1002, loans[1].days: error V100: A film may be lent for 7 days at most')
  expect(stdout).toMatch(/created +2\n/)
  expect(stdout).toContain('Only the centre can check:')
})

test('an unknown exchange and a missing file end with 3', async () => {
  const none = await tributary(['check', 'visits/samples/visits.csv', '--exchange', 'nowhere'], { cwd })
  expect([none.code, none.stderr.split('\n').length]).toEqual([3, 2])
  expect((await tributary(['check', 'nowhere.csv', '--exchange', 'visits'], { cwd })).code).toBe(3)
})
