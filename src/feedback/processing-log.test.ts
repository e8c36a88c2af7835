import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { processingLog, processingLogCsv } from './processing-log.ts'
import { NO_OUTCOMES, type ReportedFile } from './reported-files.ts'

const head = { identifier: 'CA0370000', zone: 'America/Los_Angeles' }

function file(change: Partial<ReportedFile> = {}): ReportedFile {
  return {
    name: '20260301083000_CA0370000.csv',
    receivedAt: '2026-03-01T16:30:05.000Z',
    processedAt: '2026-03-02T07:59:59.900Z',
    total: 100,
    success: 97,
    errors: 3,
    code: null,
    reason: null,
    tracking: 'ripa-1-0mh1',
    member: '',
    format: 'csv',
    sha256: 'ab'.repeat(32),
    bytes: 12_345,
    ...change,
  }
}

const files = [
  file(),
  file({
    name: '20210601202849_CA0370000_202105182138.json',
    receivedAt: '2026-03-09T06:59:59.000Z',
    processedAt: '2026-03-09T07:00:00.000Z',
    total: 1,
    success: 1,
    errors: 0,
    member: '20210601202849_CA0370000_202105182138.json',
    format: 'json',
  }),
  file({
    name: 'Ärger 20260301.csv',
    total: 0,
    success: 0,
    errors: 0,
    code: 'FILE_NAME_WRONG',
    reason: 'the name must look like yyyyMMddHHmmss_<ORI>.csv.',
    tracking: null,
    format: null,
    sha256: null,
  }),
  file({ name: 'x'.repeat(30), processedAt: null, total: 0, success: 0, errors: 0, tracking: null }),
]

const golden = (name: string) =>
  readFile(new URL(`../../test/feedback/golden/${name}`, import.meta.url), 'utf8')

test('the processing log is what table 10 of the SDCS specification says, to the byte', async () => {
  expect([...processingLog(head, files)].join('')).toBe(await golden('log.txt'))
})

test('every line has 145 bytes of printable ASCII and CR LF, whatever names and numbers are', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 })
  fc.assert(
    fc.property(text, fc.nat(), fc.option(text), text, (name, total, code, identifier) => {
      const [line = ''] = processingLog({ ...head, identifier }, [file({ name, total, code })])
      expect(line).toMatch(/^[ -~]{145}\r\n$/)
    }),
  )
})

test('a long name keeps its beginning and its end', () => {
  const [line = ''] = processingLog(head, [file({ name: `${'a'.repeat(40)}-0001.json` })])
  expect(line.slice(9, 39)).toBe('aaaaaaaaaaaa~aaaaaaa-0001.json')
})

test('the CSV beside it has everything in full', async () => {
  const outcomes = new Map([
    [files[0] as ReportedFile, { ...NO_OUTCOMES, created: 98, rejected: 2, withErrors: 1 }],
  ])
  const text = [...processingLogCsv(head, files, outcomes)].join('')
  expect(text).toBe(await golden('log.csv'))
  expect(parse(text, { columns: true })).toHaveLength(files.length)
})
