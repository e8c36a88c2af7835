import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoStop, stopHeader, stopRows, stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { csvRow } from '../../src/encode/csv.ts'
import { xmlElement, xmlFrame } from '../../src/encode/xml.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { errorFile } from '../../src/feedback/error-file.ts'
import {
  type IntakeForReport,
  type IntakeReportFile,
  intakeReports,
  type ReportedFile,
} from '../../src/feedback/intake-reports.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import type { Submission } from '../../src/store/model.ts'
import { BUNDLE_TYPE } from '../../src/unpack/bundle.ts'
import { openEmbedded } from '../database.ts'
import { makeBundle } from '../unpack/bundle-maker.ts'
import { judgeHere, openRiver, type River } from './river.ts'

const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
const intakeId = '20260302120000-RIPA-ABCDEFGH'
const receivedAt = '2026-03-02T12:00:00.000Z'

let river: River
let intake: IntakeForReport
let texts: ReadonlyMap<string, string>

const nameOf = (stop: DemoStop, extension: string) =>
  `20260302040000_${stop.ori}_${stop.leaRecordId}.${extension}`

beforeAll(async () => {
  const db = await openEmbedded()
  river = await openRiver(db, [ripa], judgeHere())
  const stops = [...generateStops({ seed: 11, count: 60, ori: 'CA0000001', faults: 0 })]
  const several = stops.find(({ persons }) => persons.length > 1) as DemoStop
  const [good, wrong, refused, inXml, ...rest] = stops.filter(
    (stop) => stop !== several && stop.version === 'v2',
  ) as [DemoStop, DemoStop, DemoStop, DemoStop, ...DemoStop[]]
  for (const stop of stops) stop.date = '01/15/2026'
  ;(wrong.persons[0] as DemoStop['persons'][number]).gender = '=ZZ|1'
  ;(inXml.persons[0] as DemoStop['persons'][number]).gender = 'ZZ'
  ;(several.persons[1] as DemoStop['persons'][number]).gender = 'ZZ'
  refused.date = '99/99/2026'
  const { root, record, namespace } = ripa.formats.xml
  const { start, end } = xmlFrame(root, namespace)
  const json = (stop: DemoStop) => JSON.stringify(stopTree(stop))
  const members = {
    [nameOf(good, 'json')]: json(good),
    [nameOf(wrong, 'json')]: json(wrong),
    [nameOf(refused, 'json')]: json(refused),
    [nameOf(inXml, 'xml')]: start + xmlElement(record, stopTree(inXml)) + end,
    '20260302040000_CA0000001_BROKEN.json': '{"LEARecordID": ',
  }
  const bundle = await river.send(await makeBundle(members), {
    channel: 'sftp',
    contentType: BUNDLE_TYPE,
    fileName: 'bundle.zip',
  })
  const table = [stopHeader('v2'), ...[several, ...rest.slice(0, 2)].flatMap((stop) => stopRows(stop))]
  const csvName = '20260302040000_CA0000001.csv'
  const csv = await river.send(table.map((row) => csvRow(row, ',')).join(''), {
    channel: 'sftp',
    fileName: csvName,
  })
  const torn = await river.send('{"records": [', {
    channel: 'sftp',
    fileName: '20260302040001_CA0000001_X1.json',
  })
  const all = [bundle, csv, torn]
  const files = [
    ...Object.keys(members).map((name) => fileOf(bundle, { name, member: name })),
    fileOf(csv, { name: csvName }),
    fileOf(torn, { name: torn.fileName }),
    fileOf(null, { name: 'notes.txt', code: 'FILE_NAME_WRONG', reason: 'the name | must fit.' }),
  ]
  intake = intakeOf(ripa, files, all)
  texts = await made(intake)
}, 60_000)

afterAll(() => river.close())

function fileOf(submission: Submission | null, change: Partial<ReportedFile>): ReportedFile {
  return {
    name: '',
    receivedAt,
    processedAt: receivedAt,
    total: 0,
    success: 0,
    errors: 0,
    code: null,
    reason: null,
    tracking: submission?.tracking ?? null,
    member: '',
    format: null,
    sha256: null,
    bytes: 1,
    ...change,
  }
}

function intakeOf(
  definition: Definition,
  files: readonly ReportedFile[],
  submissions: readonly Submission[],
): IntakeForReport {
  return {
    intake: intakeId,
    partner: 'alpha',
    exchange: definition.exchange,
    realm: 'live',
    identifier: 'CA0000001',
    definition,
    openedAt: receivedAt,
    files,
    submissions,
  }
}

/** The texts of all reports, by their names after the intake id. */
async function made(of: IntakeForReport): Promise<ReadonlyMap<string, string>> {
  const reports = new Map<string, string>()
  const source = { ...river.deps, sign: async (claims: object) => JSON.stringify(claims) }
  for await (const report of intakeReports(source, of))
    reports.set(report.name.replace(`${of.intake}_`, ''), await textOf(report))
  return reports
}

async function textOf({ bytes }: IntakeReportFile): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Ids are new in each run. */
function steady(text = ''): string {
  const ids = new Map<string, string>()
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
    if (!ids.has(id)) ids.set(id, `id-${ids.size + 1}`)
    return ids.get(id) ?? ''
  })
}

const golden = (name: string) => readFile(new URL(`../feedback/golden/${name}`, import.meta.url), 'utf8')

test('an intake sends back an error file for each format, a log, a summary, and the receipts', () => {
  expect([...texts.keys()]).toEqual([
    'errors.csv',
    'errors.xml',
    'errors.json',
    'log.txt',
    'log.csv',
    'summary.csv',
    'summary.xml',
    'receipt.jws',
  ])
  const receipts = (texts.get('receipt.jws') ?? '').trimEnd().split('\n')
  expect(receipts.map((line) => JSON.parse(line).tracking)).toEqual(
    intake.submissions.map(({ tracking }) => tracking),
  )
})

test('the summary as CSV names every record in its section', async () => {
  expect(steady(texts.get('summary.csv'))).toBe(await golden('summary.csv'))
})

test('the summary as XML has an element for every record, as the deployed service had', async () => {
  expect(steady(texts.get('summary.xml'))).toBe(await golden('summary.xml'))
})

test('an exchange without that profile gets plain words', async () => {
  const plain = await made({ ...intake, definition: { ...ripa, profiles: {} } })
  expect(steady(plain.get('summary.csv'))).toBe(await golden('plain-summary.csv'))
  expect(steady(plain.get('summary.xml'))).toBe(await golden('plain-summary.xml'))
})

test('the log as CSV counts the outcomes of every file', () => {
  const [header = '', ...rows] = (texts.get('log.csv') ?? '').trimEnd().split('\r\n')
  const from = header.split(',').indexOf('Created')
  const counts = rows.map((row) =>
    row
      .split(',')
      .slice(from, from + 7)
      .join(' '),
  )
  expect(counts).toEqual([
    '1 0 0 0 0 0 0',
    '1 0 0 0 0 0 1',
    '0 0 0 0 0 1 0',
    '1 0 0 0 0 0 1',
    '0 0 0 0 0 1 0',
    '3 0 0 0 0 0 1',
    '0 0 0 0 0 0 0',
    '0 0 0 0 0 0 0',
  ])
})

test('each record of an error file names the file that it came in, and a file that cannot be read is in none', () => {
  const json = JSON.parse(texts.get('errors.json') ?? '')
  expect(json.records.map((record: { Tributary_File: string }) => record.Tributary_File)).toEqual(
    intake.files.slice(1, 3).map(({ name }) => name),
  )
  expect(texts.get('errors.xml')).toContain(`<Tributary_File>${intake.files[3]?.name}</Tributary_File>`)
  expect(texts.get('errors.csv')).toContain('|20260302040000_CA0000001.csv|')
})

test('the error file of a submission of several formats can be asked for in each', async () => {
  const [bundle] = intake.submissions as [Submission]
  for (const format of ['json', 'xml'] as const) {
    const { stream } = await errorFile(river.deps, bundle, ripa, format)
    expect(Buffer.concat(await stream.toArray()).toString()).toBe(texts.get(`errors.${format}`))
  }
})

test('a consolidated error file is corrected and sent again under its own name', async () => {
  for (const format of ['csv', 'xml', 'json']) {
    const text = (texts.get(`errors.${format}`) ?? '')
      .replaceAll(/'?=ZZ\|1|ZZ/g, '1')
      .replaceAll('99/99/2026', '01/15/2026')
    const { counts, reason } = await river.send(text, {
      channel: 'sftp',
      fileName: `${intakeId}_errors.${format}`,
    })
    const received = format === 'json' ? 2 : 1
    expect({ format, counts, reason }).toMatchObject({
      reason: null,
      counts: { received, created: received - 1, updated: 1, withErrors: 0 },
    })
  }
})
