import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Parcel, worst } from '../../src/exchange/parcel.ts'
import { FOLDER, openRipa } from './judging.ts'

interface Expected {
  readonly today?: string
  readonly outcome: 'created' | 'rejected'
  readonly status: 'submitted' | 'submitted-with-errors' | null
  readonly findings: readonly { code: string; field: string; person: number | null }[]
}

const CASES = join(FOLDER, 'cases')
const TODAY = '2024-03-20'
const names = (await readdir(CASES)).sort()
let ripa: Awaited<ReturnType<typeof openRipa>>

beforeAll(async () => {
  ripa = await openRipa()
})

async function judgeFile(name: string, file: string, today: string): Promise<Parcel> {
  const parcels = await ripa.judge(await readFile(join(CASES, name, file), 'utf8'), file, today)
  expect(parcels).toHaveLength(1)
  return parcels[0]!
}

async function expectedOf(name: string): Promise<Expected> {
  return JSON.parse(await readFile(join(CASES, name, 'expected.json'), 'utf8'))
}

const sorted = (findings: Expected['findings']) =>
  findings.map(({ code, field, person }) => `${code} ${field} ${person ?? '-'}`).sort()

const foundIn = (parcel: Parcel) =>
  sorted(parcel.findings.map(({ code, field, item }) => ({ code, field, person: item })))

describe('RIPA cases', () => {
  test.each(names)('%s gives exactly the findings and the status its case expects', async (name) => {
    const expected = await expectedOf(name)
    const parcel = await judgeFile(name, 'input.json', expected.today ?? TODAY)
    expect(foundIn(parcel)).toEqual(sorted(expected.findings))
    const severity = worst(parcel.findings)
    expect(severity === 'fatal' ? 'rejected' : 'created').toBe(expected.outcome)
    if (expected.status !== null)
      expect(severity === 'error' ? 'submitted-with-errors' : 'submitted').toBe(expected.status)
  })

  const corrected = names.filter((name) => existsSync(join(CASES, name, 'corrected.json')))
  test.each(corrected)('%s, corrected and sent again, is without errors', async (name) => {
    const expected = await expectedOf(name)
    const before = await judgeFile(name, 'input.json', TODAY)
    const after = await judgeFile(name, 'corrected.json', TODAY)
    expect(foundIn(after)).toEqual([])
    expect(after.key).toBe(before.key)
    expect(after.operation).toBe(expected.outcome === 'rejected' ? 'create' : 'replace')
  })

  test('all 24 published conformance cases of 2024 are here, each with its reason', async () => {
    const published = names.filter((name) => /^tc\d\d/.test(name))
    expect(published).toHaveLength(24)
    for (const name of names) expect(await readFile(join(CASES, name, 'why.md'), 'utf8')).toMatch(/^# \S/)
  })

  test('a published case that expects an error has a correction', async () => {
    for (const name of names.filter((name) => /^tc\d\d/.test(name)))
      expect(corrected.includes(name)).toBe((await expectedOf(name)).findings.length > 0)
  })

  test('every relational rule of the definition has a case that breaks only it', async () => {
    const alone = new Set<string>()
    for (const name of names) {
      const { findings } = await expectedOf(name)
      if (findings.length === 1) alone.add(findings[0]!.code)
    }
    for (const rule of ripa.definition.types[0]!.rules) expect(alone.has(rule.code), rule.id).toBe(true)
  })
})
