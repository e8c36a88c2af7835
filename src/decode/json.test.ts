import { JSONParser } from '@streamparser/json'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, cut, latin, repeated, utf16 } from '../../test/decode/bytes.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { decodeJson, type JsonOptions } from './json.ts'
import { DEFAULT_LIMITS } from './limits.ts'

const json = { wrapper: 'records', allText: true }

function read(
  document: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: Partial<JsonOptions> = {},
  sizes: readonly number[] = [],
) {
  const bytes =
    typeof document === 'string' || document instanceof Uint8Array ? cut(document, sizes) : document
  return collect(
    decodeJson(bytes, json, { limits: DEFAULT_LIMITS, firstPosition: 1, member: '', ...options }),
  )
}

/** Trees, or a broken record's code; and how the document ended. */
async function outcome(document: string, sizes: readonly number[] = []): Promise<unknown[]> {
  const { records, ended } = await read(document, {}, sizes)
  return [...records.map(contents), ...(ended === null ? [] : [ended])]
}

function contents({ shape }: RawRecord): unknown {
  return shape.kind === 'tree' ? shape.tree : shape.kind === 'broken' ? shape.code : shape.kind
}

test('one object, an array, a line each and a wrapper all give the same records', async () => {
  const two = [
    { id: 1, who: { name: 'A, "B" {' } },
    { id: '2', list: [1, [true, null]] },
  ]
  const texts = two.map((record) => JSON.stringify(record))
  expect(await outcome(texts[0] as string)).toEqual([two[0]])
  expect(await outcome(JSON.stringify(two[0], null, 2))).toEqual([two[0]])
  expect(await outcome(`[${texts.join(',')}]`)).toEqual(two)
  expect(await outcome(JSON.stringify(two, null, 2))).toEqual(two)
  expect(await outcome(`\n${texts.join('\r\n\r\n  \n')}\n\n`)).toEqual(two)
  expect(await outcome(JSON.stringify({ records: two }))).toEqual(two)
  expect(await outcome(JSON.stringify({ sent: [{}], records: two, by: { x: [1] } }, null, 1))).toEqual(two)
  expect(await outcome(JSON.stringify({ records: two[0], count: 1 }))).toEqual([two[0]])
  expect(await outcome('[]')).toEqual([])
  expect(await outcome('{"records": [ ]}')).toEqual([])
})

test('a wrapper is known at the outermost level only', async () => {
  expect(await outcome('{"a": {"records": [{"b": 1}]}}')).toEqual([{ a: { records: [{ b: 1 }] } }])
  expect(await outcome('{"records": "none"}')).toEqual([{ records: 'none' }])
  expect(await outcome('{"a":1}\n{"records":[2]}')).toEqual([{ a: 1 }, { records: [2] }])
})

test('positions, lines, members and the own text of records are told', async () => {
  const { records } = await read('[\n {"a":\n1},\n  {"a":2} ]', { firstPosition: 8, member: 'x.json' })
  expect(records).toMatchObject([
    { position: 8, line: 2, member: 'x.json', text: '{"a":\n1}' },
    { position: 9, line: 4, member: 'x.json', text: '{"a":2}' },
  ])
  expect((await read('{"a":1}\n\n{"a":2}\n{"a":3}')).records.map((record) => record.line)).toEqual([1, 3, 4])
})

test('a byte order mark and UTF-16 are understood; bytes that are not UTF-8 end the document', async () => {
  expect(await outcome('\ufeff{"a":1}')).toEqual([{ a: 1 }])
  expect((await read(utf16('[{"a":"é"}]', 'be', true))).records.map(contents)).toEqual([{ a: 'é' }])
  const { records, ended } = await read(latin('{"a":1}\n{"a":"\xe9"}\n'))
  expect(records.map(contents)).toEqual([{ a: 1 }])
  expect(ended).toBe('FILE_ENCODING 2')
})

test('a broken element breaks its record only, when its end can be found', async () => {
  expect(await outcome('[{"a":tru},{"a":01},{"a":"\t"},{a:1},{"a":1}]')).toEqual([
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    { a: 1 },
  ])
  expect(await outcome('[1, "x,]", nul, [2], {"a":1}]')).toEqual([
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    { a: 1 },
  ])
  expect(await outcome('{"a":1}\n{"a":\n]\n7\n{"a":2}\n{"a":[}\n')).toEqual([
    { a: 1 },
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    { a: 2 },
    'RECORD_MALFORMED',
  ])
})

test.each([
  ['', 'FILE_EMPTY 0'],
  [' \n ', 'FILE_EMPTY 0'],
  ['7', 'FILE_MALFORMED 1'],
  ['[{"a":1},]', 'FILE_MALFORMED 1'],
  ['[,{"a":1}]', 'FILE_MALFORMED 1'],
  ['[{"a":1} {"a":2}]', 'FILE_MALFORMED 1'],
  ['[{"a":1}]\n x', 'FILE_MALFORMED 2'],
  ['[{"a":1}] []', 'FILE_MALFORMED 1'],
  ['{"a":1}{"a":2}', 'FILE_MALFORMED 1'],
  ['{"a":\n1}\n{"a":2}', 'FILE_MALFORMED 3'],
  ['[{"a":[}]', 'FILE_MALFORMED 1'],
  ['[1 {"a":1}]', 'FILE_MALFORMED 1'],
  ['{"x" 1, "records":[{"a":1}]}', 'FILE_MALFORMED 1'],
  ['{"records":[{"a":1}] x}', 'FILE_MALFORMED 1'],
  ['{"records":[{"a":1}], "x":1, "x":2}', 'FILE_MALFORMED 1'],
  ['{"records":[{"a":1}], "records":[{"a":2}]}', 'FILE_MALFORMED 1'],
  ['{"records":[{"a":1}]} {"records":[]}', 'FILE_MALFORMED 1'],
  ['[{"a":1},\n{"a":', 'FILE_TRUNCATED 2'],
  ['[{"a":1},\n{"a":"', 'FILE_TRUNCATED 2'],
  ['[{"a":1}\n', 'FILE_TRUNCATED 2'],
  ['[{"a":1},', 'FILE_TRUNCATED 1'],
  ['[', 'FILE_TRUNCATED 1'],
  ['{"a":', 'FILE_TRUNCATED 1'],
  ['{"a":1}\n{"a":', 'FILE_TRUNCATED 2'],
  ['{"records":[{"a":1}]', 'FILE_TRUNCATED 1'],
])('%j ends with %s', async (document, expected) => {
  expect((await read(document)).ended).toBe(expected)
  expect((await read(document, {}, [1])).ended).toBe(expected)
})

test('a name that stands twice in one object breaks the record and is named', async () => {
  const { records } = await read('[{"a":1,"b":{"c":1,"\\u0063":2}},{"a":{"a":1},"b":":"}]')
  expect(records.map(contents)).toEqual(['RECORD_REPEATED_NAME', { a: { a: 1 }, b: ':' }])
  expect(records[0]?.shape).toMatchObject({ reason: 'the name "c" stands twice in one object.' })
})

test('"__proto__" is a name like any other and changes no object', async () => {
  const { records } = await read(
    '[{"__proto__":{"admin":true},"constructor":1},{"__proto__":1,"__proto__":2}]',
  )
  expect(records.map(contents)[1]).toBe('RECORD_REPEATED_NAME')
  const tree = contents(records[0] as RawRecord) as object
  expect(Object.keys(tree)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(tree)).toBe(Object.prototype)
  expect('admin' in tree).toBe(false)
})

test('numbers that a computer would change travel as they were written', async () => {
  expect(
    await outcome('[{"a":12345678901234567890,"b":1e400,"c":0.10,"d":"12345678901234567890","e":1e3}]'),
  ).toEqual([{ a: '12345678901234567890', b: '1e400', c: 0.1, d: '12345678901234567890', e: 1000 }])
  expect(
    await outcome('[{"a":-123456789.123456789,"b":9007199254740993.0,"c":1000000000000000000000}]'),
  ).toEqual([{ a: '-123456789.123456789', b: '9007199254740993.0', c: 1e21 }])
  const long = `1${'0'.repeat(500_000)}1`
  expect(await outcome(`[{"a":${long}}]`)).toEqual([{ a: long }])
})

test('ten thousand levels are refused before anything is built', async () => {
  for (const document of [
    `[{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}]`,
    '{"a":'.repeat(10_000),
    `{"a":1}\n{"a":${'['.repeat(10_000)}\n`,
    '['.repeat(10_000),
    `{"records":[{"a":${'{"a":'.repeat(10_000)}`,
  ])
    expect((await read(document)).ended).toMatch(/^FILE_TOO_DEEP/)
})

test('sixty-four levels are read', async () => {
  const document = `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`
  expect((await read(`[${document}]`)).ended).toBeNull()
  expect((await read(`[{"a":${document}}]`)).ended).toBe('FILE_TOO_DEEP 1')
})

test('an oversized record is passed over and reported, and the records after it are read', async () => {
  const limits = { ...DEFAULT_LIMITS, recordBytesMax: 60, skipBytesMax: 1000 }
  const big = `{"a":"${'x\\"'.repeat(100)}"}`
  for (const document of [
    `[{"a":1},${big},{"a":2}]`,
    `{"a":1}\n${big}\n{"a":2}\n`,
    `{"records":[{"a":1},${big},{"a":2}]}`,
  ])
    for (const sizes of [[], [1], [7], [64]]) {
      const { records, ended } = await read(document, { limits }, sizes)
      expect([...records.map(contents), ended]).toEqual([{ a: 1 }, 'RECORD_TOO_LARGE', { a: 2 }, null])
    }
})

test.each([
  ['an array', '[{"a":1},{"a":"'],
  ['a file of lines', '{"a":1}\n{"a":"'],
  ['a wrapper', '{"records":[{"a":1},"'],
])('a 200 MB field in %s ends the document long before it is read', async (_, beginning) => {
  const count = { pieces: 0 }
  const { records, ended } = await read(repeated(beginning, 'x'.repeat(2 ** 18), 800, '"}]', count))
  expect(records.map(contents)).toEqual([{ a: 1 }])
  expect(ended).toMatch(/^FILE_TOO_LARGE/)
  expect(count.pieces).toBeLessThan(70)
})

test('a single object of 200 MB, and a wrapper by another name, are refused', async () => {
  for (const beginning of ['{"a":"', '{"other":[', '{"records":[],"x":"']) {
    const count = { pieces: 0 }
    const piece = beginning.endsWith('[') ? '{"a":1},'.repeat(2 ** 15) : 'x'.repeat(2 ** 18)
    expect((await read(repeated(beginning, piece, 800, '', count))).ended).toBe('FILE_TOO_LARGE 1')
    expect(count.pieces).toBeLessThan(10)
  }
})

const scraps = fc.array(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\n',
    ' ',
    '1',
    '"a"',
    '"records"',
    '{"a":1}',
    '"a":',
    'é',
  ),
  { maxLength: 25 },
)
const documents = fc
  .tuple(
    fc.constantFrom('', '[', '{', '[{"a":1},', '{"a":1}\n', '{"records":[', '{"a":1,"records":['),
    scraps,
  )
  .map(([beginning, rest]) => beginning + rest.join(''))

test('how a document is cut never changes its records', () =>
  fc.assert(
    fc.asyncProperty(
      documents,
      fc.array(fc.integer({ min: 1, max: 5 })),
      fc.boolean(),
      async (text, sizes, small) => {
        const limits = small
          ? { ...DEFAULT_LIMITS, recordBytesMax: 9, skipBytesMax: 14, depthMax: 4 }
          : DEFAULT_LIMITS
        expect(await read(text, { limits }, sizes)).toEqual(await read(text, { limits }))
      },
    ),
    { numRuns: 3000 },
  ))

test('a document in brackets is accepted whole exactly when JSON.parse accepts it', () =>
  fc.assert(
    fc.asyncProperty(scraps, async (parts) => {
      const document = `[{"a":1},${parts.join('')}`
      const { records, ended } = await read(document)
      const malformed = records.some(
        ({ shape }) => shape.kind === 'broken' && shape.reason.includes('valid JSON'),
      )
      expect(ended === null && !malformed).toBe(parses(document))
    }),
    { numRuns: 3000 },
  ))

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 4 }), tie('value'), { maxKeys: 3 }),
  ),
})).value
const objects = fc.array(fc.dictionary(fc.string({ maxLength: 5 }), value, { maxKeys: 4 }), { maxLength: 6 })

test('valid records come out as JSON.parse and another streaming reader give them', () =>
  fc.assert(
    fc.asyncProperty(
      objects,
      fc.constantFrom(0, 2),
      fc.constantFrom('list', 'wrapper', 'lines'),
      async (list, indent, form) => {
        const text =
          form === 'list'
            ? JSON.stringify(list, null, indent)
            : form === 'wrapper'
              ? JSON.stringify({ v: 1, records: list, end: {} }, null, indent)
              : list.map((record) => JSON.stringify(record)).join('\n')
        fc.pre(form !== 'lines' || (list.length > 0 && !(list[0] && 'records' in list[0])))
        const { records, ended } = await read(text, {}, [11])
        expect(ended).toBeNull()
        const expected = list.map((record) => JSON.parse(JSON.stringify(record)))
        expect(records.map(contents)).toEqual(expected)
        if (form !== 'list') return
        const streamed: unknown[] = []
        const parser = new JSONParser({ paths: ['$.*'], keepStack: false })
        parser.onValue = ({ value: one }) => streamed.push(one)
        parser.write(text)
        expect(streamed.map((one) => JSON.stringify(one))).toEqual(
          records.map((r) => JSON.stringify(contents(r))),
        )
      },
    ),
    { numRuns: 500 },
  ))
