import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TODAY_BOUND } from './dates.ts'
import { canonicalText, loadDefinition } from './load.ts'
import { PROBLEMS } from './problem.ts'

const HEAD = `exchange: visits
title: Visits
zone: America/Los_Angeles
versions:
  - { name: v1, until: 2023-12-31 }
  - { name: v2, from: 2024-01-01 }
types: [visit]
lists:
  kind: { title: Kind, values: { B: Book, '2': { label: Film, from: 2024-01-01 } } }
  site: { title: Site, file: codes/site.csv, imported: true, columns: { code: code, label: label, until: closed } }
crosswalks:
  kind: { list: kind, map: { '*': { book: B } } }
formats:
  csv: { row_per: loans }
profiles:
  sdcs:
    headers: { Visit: { field: visit_no, required: true } }
    statuses: { F001R: 400, R1: 409 }
`

const TYPE = `type: visit
effective: day
identity:
  key: [visit_no]
operation:
  path: Action
  values: { N: create, C: replace }
lifecycle:
  operations:
    create: {}
    replace: { from: [submitted] }
fields:
  - { no: 1, name: visit_no, type: text, length: [1, 20], required: true, severity: fatal }
  - { no: 2, name: day, type: date, range: [2000-01-01, today], required: true }
  - { no: 3, name: site, type: code, list: site, only: [v2], path: Where.Site }
  - no: 4
    name: loans
    type: group
    many: [0, 50]
    item_key: title
    fields:
      - { no: 5, name: kind, type: code, list: kind, crosswalk: kind, required: true }
      - { no: 6, name: title, type: text, pattern: '[A-Z].*', when: "it.kind == 'B'" }
      - { no: 7, name: days, type: integer, range: [1, 60] }
rules:
  - id: R1
    each: loans
    check: it.days <= 7
    blames: [days]
    message: Not {days} days.
`

const SITES = 'code,label,closed\nnorth,North,\nsouth,South,12/31/2024\n'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function load(head = HEAD, type = TYPE, sites = SITES, more: Readonly<Record<string, string>> = {}) {
  const files = new Map(
    Object.entries({ 'exchange.yaml': head, 'types/visit.yaml': type, 'codes/site.csv': sites, ...more }),
  )
  return loadDefinition(files, { sha256 })
}

/** The text with one part replaced, which must be there. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from)
  return text.replace(from, () => to)
}

test('a definition that is right loads with every default filled in', () => {
  const { definition, problems } = load()
  expect(problems).toEqual([])
  expect(definition).toMatchObject({
    exchange: 'visits',
    owner: 'partner',
    versions: [
      { name: 'v1', from: null, until: '2023-12-31' },
      { name: 'v2', from: '2024-01-01', until: null },
    ],
    formats: { json: { wrapper: null }, csv: { delimiter: ',', items: ';', rowPer: 'loans' }, dates: 'iso' },
    refresh: { allowed: false, deleteShareMax: 0.1, deleteCountMax: 1000, changeShareMax: 0.5 },
    realtime: { interleave: true, waitMs: 5000 },
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(definition?.lists.site?.values).toEqual([
    { code: 'north', label: 'North', from: null, until: null },
    { code: 'south', label: 'South', from: null, until: '2024-12-31' },
  ])
  const [type] = definition?.types ?? []
  expect(type?.lifecycle.operations).toEqual({
    create: { from: [], grant: 'owner' },
    replace: { from: ['submitted'], grant: 'owner' },
  })
  expect(type?.fields[1]).toMatchObject({
    label: 'Day',
    min: 10957,
    max: TODAY_BOUND,
    path: ['day'],
    column: 'day',
  })
  expect(type?.fields[2]).toMatchObject({ path: ['Where', 'Site'], column: 'Site', only: ['v2'] })
  expect(type?.rules[0]).toMatchObject({ code: 'R1', severity: 'error', needs: 'record', when: null })
})

/** Mistakes in `exchange.yaml`: what is replaced by what, then line, code, and part of the message and of the fix. */
const HEAD_MISTAKES: readonly (readonly [string, string, number, string, string, string])[] = [
  ['title: Visits', 'titel: Visits', 2, 'KEY_UNKNOWN', "no key 'titel'", "Did you mean 'title'?"],
  ['title: Visits\n', '', 1, 'KEY_MISSING', "'title' is missing", 'title: Stop data'],
  ['title: Visits', 'title: [a]', 2, 'TYPE', "'title' is a list", 'text on one line'],
  ['title: Visits', 'title:', 2, 'TYPE', "'title' has no value", 'remove the key'],
  ['exchange: visits', 'exchange: Visits!', 1, 'NAME', "'Visits!'", 'small letters'],
  ['zone: America/Los_Angeles', 'zone: America/Nowhere', 3, 'VALUE', 'no time zone', 'America/Los_Angeles'],
  ['zone: America', 'owner: partners\nzone: America', 3, 'VALUE', "'partners'", "Did you mean 'partner'?"],
  ['from: 2024-01-01 }\n', 'from: 2024-01-02 }\n', 6, 'VERSIONS', 'gap', '2024-01-01'],
  ['from: 2024-01-01 }\n', 'from: 2023-06-01 }\n', 6, 'VERSIONS', 'overlaps', '2024-01-01'],
  ['{ name: v1, until: 2023-12-31 }', '{ name: v1 }', 6, 'VERSIONS', 'has no end', 'until'],
  ['until: 2023-12-31', 'until: 2023-02-30', 5, 'VALUE', 'no day of the calendar', 'YYYY-MM-DD'],
  ['name: v2', 'name: v1', 6, 'DUPLICATE', "two versions 'v1'", 'own name'],
  ['types: [visit]', 'types: [vist]', 7, 'FILE_MISSING', 'types/vist.yaml', "Did you mean 'visit'?"],
  ['types: [visit]', 'types: [visit, visit]', 7, 'DUPLICATE', 'named twice', 'Remove one'],
  ['types: [visit]', 'types: visit', 7, 'TYPE', "'types' is 'visit'", 'a list of'],
  ['B: Book', 'B: Book, B: Boot', 9, 'DUPLICATE', 'second time', 'Keep one'],
  ['B: Book', '__proto__: Book', 9, 'NAME', "'__proto__'", 'another name'],
  [
    "kind: { title: Kind, values: { B: Book, '2': { label: Film, from: 2024-01-01 } } }",
    'kind: { title: Kind }',
    9,
    'KEY_MISSING',
    'neither values nor a file',
    'under values',
  ],
  [
    'codes/site.csv',
    'codes/sites.csv',
    10,
    'FILE_MISSING',
    'codes/sites.csv',
    "Did you mean 'codes/site.csv'?",
  ],
  ['codes/site.csv', '../secret.csv', 10, 'NAME', '../secret.csv', 'folder codes'],
  ['until: closed', 'until: close', 1, 'CODES', "no column 'close'", "Did you mean 'closed'?"],
  ['list: kind, map', 'list: kinds, map', 12, 'UNKNOWN_NAME', "no code list 'kinds'", "Did you mean 'kind'?"],
  ['book: B', 'book: X', 12, 'UNKNOWN_NAME', "no code of 'kind'", 'Known are B, 2'],
  ['row_per: loans', 'row_per: loan', 14, 'UNKNOWN_NAME', 'no list of groups', "Did you mean 'loans'?"],
  ['row_per: loans', "items: ','", 14, 'VALUE', 'the same mark', 'another'],
  [
    'field: visit_no',
    'field: visit_nr',
    17,
    'UNKNOWN_NAME',
    "no field 'visit_nr'",
    "Did you mean 'visit_no'?",
  ],
  ['F001R: 400', 'F099R: 400', 18, 'UNKNOWN_NAME', "the code 'F099R'", 'Known are'],
  ['R1: 409', 'R1: 200', 18, 'VALUE', "'R1' is 200", 'from 400 to 599'],
  ['title: Visits', 'title: &a Visits', 2, 'YAML', 'anchor &a', 'Remove it'],
  ['title: Visits', 'title: !!js/eval Visits', 2, 'YAML', 'tag', 'Remove the tag'],
  ['title: Visits', 'title: "Visits', 19, 'YAML', '', 'quotes'],
]

/** The same for `types/visit.yaml`. */
const TYPE_MISTAKES: readonly (readonly [string, string, number, string, string, string])[] = [
  ['type: visit', 'type: visits', 1, 'VALUE', "states the type 'visits'", 'type: visit'],
  ['effective: day', 'effective: dey', 2, 'UNKNOWN_NAME', 'no single date field', "Did you mean 'day'?"],
  ['effective: day\n', '', 1, 'VERSIONS', 'no field whose date chooses', 'effective'],
  ['key: [visit_no]', 'key: [visit_nu]', 4, 'UNKNOWN_NAME', "'visit_nu'", "Did you mean 'visit_no'?"],
  ['key: [visit_no]', 'key: [visit_no, visit_no]', 4, 'DUPLICATE', 'twice', 'Remove one'],
  ['key: [visit_no]', 'key: [day]', 4, 'IDENTITY', 'is not fatal', 'severity: fatal'],
  ['key: [visit_no]', 'key: [site]', 4, 'IDENTITY', 'is not required', 'required: true'],
  ['C: replace', 'C: replaces', 7, 'VALUE', "'replaces'", "Did you mean 'replace'?"],
  ['C: replace', 'C: delete', 7, 'OPERATION', "does not offer 'delete'", 'create, replace'],
  ['replace: { from: [submitted] }', 'renew: {}', 11, 'KEY_UNKNOWN', "'renew'", 'Known are'],
  ['from: [submitted]', 'from: [submited]', 11, 'VALUE', "'submited'", "Did you mean 'submitted'?"],
  ['no: 2, name: day', 'no: 1, name: day', 14, 'DUPLICATE', "Number 1 is that of 'visit_no'", 'never used'],
  ['no: 2, name: day', 'no: two, name: day', 14, 'TYPE', "'no' is 'two'", 'a whole number'],
  ['name: kind, type', 'name: days, type', 24, 'DUPLICATE', "two fields 'days'", 'Rename'],
  ['name: day,', 'name: for,', 14, 'NAME', 'word of CEL', 'another name'],
  ['name: day,', 'name: Day,', 14, 'NAME', "'Day'", 'small letters'],
  ['name: day,', 'name: __proto__,', 14, 'NAME', "'__proto__'", 'another name'],
  ['type: date', 'type: dates', 14, 'VALUE', "'dates'", "Did you mean 'date'?"],
  [
    'range: [2000-01-01, today]',
    'range: [2000-13-01, today]',
    14,
    'VALUE',
    "'2000-13-01' is no bound",
    'YYYY-MM-DD',
  ],
  ['range: [2000-01-01, today]', 'length: [1, 2]', 14, 'NOT_FOR_TYPE', "'length' means nothing", 'Remove it'],
  ['length: [1, 20]', 'length: [20, 1]', 13, 'VALUE', 'ends before it begins', 'Exchange'],
  ['length: [1, 20]', 'length: 20', 13, 'TYPE', "'length' is '20'", 'exactly 2'],
  ['length: [1, 20]', 'many: [1, 2], length: [1, 20]', 4, 'UNKNOWN_NAME', 'no single value', 'Known are day'],
  ['list: site', 'list: sites', 15, 'UNKNOWN_NAME', "no code list 'sites'", "Did you mean 'site'?"],
  ['type: code, list: site', 'type: code', 15, 'KEY_MISSING', "needs 'list'", 'Add list'],
  ['only: [v2]', 'only: [v3]', 15, 'UNKNOWN_NAME', "no version 'v3'", 'Known are v1, v2'],
  ['path: Where.Site', 'path: day.Site', 15, 'PATH', "'day' stands already", 'another path'],
  ['path: Where.Site', 'column: day', 15, 'PATH', "a column 'day'", 'own column'],
  ['path: Where.Site', 'path: Errors', 15, 'PATH', 'error files', 'another name'],
  ['path: Where.Site', 'path: Action', 15, 'PATH', 'the operation', 'another path'],
  ['path: Where.Site', 'otherwise: allow', 15, 'NOT_FOR_TYPE', "without 'when'", 'Add when'],
  ['path: Where.Site', 'distinct: true', 15, 'NOT_FOR_TYPE', 'is for lists', 'Add many'],
  ['many: [0, 50]', 'many: [50, 5]', 19, 'VALUE', '50 to 5 items', 'fewest'],
  ['item_key: title', 'item_key: titel', 20, 'UNKNOWN_NAME', "'titel'", "Did you mean 'title'?"],
  ['crosswalk: kind', 'crosswalk: kinds', 22, 'UNKNOWN_NAME', "no crosswalk 'kinds'", "Did you mean 'kind'?"],
  ["'[A-Z].*'", "'[A-Z'", 23, 'PATTERN', 'Not a pattern', 'RE2'],
  ["'[A-Z].*'", "'(?=a)b'", 23, 'PATTERN', 'Not a pattern', 'look-around'],
  ["'[A-Z].*'", "'((a{100}){100}){100}'", 23, 'PATTERN', 'repeats more', 'Repeat less'],
  ["it.kind == 'B'", "it.knd == 'B'", 23, 'EXPRESSION', 'knd', 'from:'],
  ["it.kind == 'B'", 'it.kind == ', 23, 'EXPRESSION', '', "'when'"],
  ["it.kind == 'B'", 'it.kind', 23, 'EXPRESSION', 'true or false', "'when'"],
  ['each: loans', 'each: loan', 27, 'UNKNOWN_NAME', "'loan' is no list", "Did you mean 'loans'?"],
  ['check: it.days <= 7', "check: it.days <= '7'", 28, 'EXPRESSION', '', "'check'"],
  [
    'check: it.days <= 7',
    "check: inList(it.kind, 'kinds')",
    28,
    'EXPRESSION',
    "no code list 'kinds'",
    "'check'",
  ],
  ['blames: [days]', 'blames: [day]', 29, 'UNKNOWN_NAME', "no field 'day'", "Did you mean 'days'?"],
  ['Not {days} days', 'Not {dais} days', 30, 'UNKNOWN_NAME', "no field 'dais'", "Did you mean 'days'?"],
  ['    message: Not', '    needs: everything\n    message: Not', 30, 'VALUE', "'everything'", 'Known are'],
]

const mistakes = [
  ...HEAD_MISTAKES.map((one) => ['exchange.yaml', ...one] as const),
  ...TYPE_MISTAKES.map((one) => ['types/visit.yaml', ...one] as const),
]

test.each(mistakes)(
  '%s: %j written %j is told on line %i as %s',
  (file, from, to, line, code, message, fix) => {
    const inHead = file === 'exchange.yaml'
    const head = inHead ? changed(HEAD, from, to) : HEAD
    const type = inHead ? TYPE : changed(TYPE, from, to)
    const { definition, problems } = load(head, type)
    expect(definition).toBeNull()
    const found = problems.filter((problem) => problem.code === code && problem.line === line)
    const told = found.find((problem) => problem.message.includes(message) && problem.fix.includes(fix))
    expect(told, JSON.stringify(problems, null, 1)).toMatchObject({
      file: code === 'CODES' ? 'codes/site.csv' : file,
    })
  },
)

test('all problems of all files are told together, in order', () => {
  const { problems } = load(
    changed(HEAD, 'title: Visits', 'titel: Visits'),
    changed(changed(TYPE, 'effective: day', 'effective: dey'), 'list: kind', 'list: kin'),
    'code,label,closed\nnorth,North\n',
  )
  expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'exchange.yaml:1',
    'exchange.yaml:2',
    'codes/site.csv:2',
    'types/visit.yaml:2',
    'types/visit.yaml:22',
    'types/visit.yaml:22',
  ])
})

test('a problem in an expression is told where it stands in the line', () => {
  const { problems } = load(HEAD, changed(TYPE, "it.kind == 'B'", "it.kind == 'B' && it.knd == 'C'"))
  const [problem] = problems
  expect(TYPE.split('\n')[22]?.indexOf('it.kind')).toBe(
    (problem?.column ?? 0) - 1 - "it.kind == 'B' && ".length,
  )
})

test('a file that nothing names is told', () => {
  const { problems } = load(HEAD, TYPE, SITES, { 'types/old.yaml': 'type: old', 'codes/x.csv': 'code\n' })
  expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
    'codes/x.csv FILE_UNUSED',
    'types/old.yaml FILE_UNUSED',
  ])
})

test('a folder without exchange.yaml is told', () => {
  const { definition, problems } = loadDefinition(new Map(), { sha256 })
  expect(definition).toBeNull()
  expect(problems).toMatchObject([{ file: 'exchange.yaml', code: 'FILE_MISSING' }])
})

test('an alias cannot make a small file large', () => {
  const bomb = `a: &a [x]\n${Array.from({ length: 20 }, (_, n) => `b${n}: [*a, *a, *a]`).join('\n')}\n`
  const { problems } = load(bomb)
  expect(problems.filter(({ code }) => code === 'YAML').length).toBeGreaterThan(0)
})

test('endless nesting is refused', () => {
  const texts = ['['.repeat(900_000), '[a, '.repeat(200_000), `a: ${'['.repeat(400)}${']'.repeat(400)}`]
  for (const text of [...texts, '- '.repeat(400_000), '{a: '.repeat(200_000)])
    expect(load(text).definition).toBeNull()
})

test('imported values stand in for the sample, and change the hash', () => {
  const files = new Map([
    ['exchange.yaml', HEAD],
    ['types/visit.yaml', TYPE],
    ['codes/site.csv', SITES],
  ])
  const values = [{ code: 'west', label: 'West', from: null, until: null }]
  const loaded = loadDefinition(files, { sha256, imported: new Map([['site', values]]) })
  expect(loaded.definition?.lists.site?.values).toEqual(values)
  expect(loaded.definition?.hash).not.toBe(load().definition?.hash)
})

test('comments and the order of keys do not change the hash', () => {
  const reordered = `# a comment\n${changed(HEAD, 'zone: America/Los_Angeles\n', '')}zone: America/Los_Angeles\n`
  expect(load(reordered).definition?.hash).toBe(load().definition?.hash)
  expect(canonicalText({ b: [1, null], a: 'x' })).toBe('{"a":"x","b":[1,null]}')
})

test('no damage to the files makes the loader throw: there is a definition or there are problems', () => {
  const texts = [HEAD, TYPE, SITES]
  const damage = fc.record({
    file: fc.nat(2),
    at: fc.nat(2000),
    length: fc.nat(40),
    text: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ':',
        '\n',
        '  ',
        '- ',
        '*a',
        '&a ',
        '<<: ',
        '!!x ',
        "'",
        '"',
        '~',
        '?',
        '%',
        '\t',
        '__proto__',
        '1e999',
        '|\n',
      ),
    ),
  })
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      const files = [...texts]
      for (const { file, at, length, text } of damages) {
        const whole = files[file] ?? ''
        const place = whole.length === 0 ? 0 : at % whole.length
        files[file] = whole.slice(0, place) + text + whole.slice(place + length)
      }
      const { definition, problems } = load(files[0], files[1], files[2])
      expect(definition === null).toBe(problems.length > 0)
      for (const problem of problems) {
        expect(PROBLEMS).toHaveProperty(problem.code)
        expect(problem.line).toBeGreaterThan(0)
        expect(problem.message).not.toBe('')
        expect(problem.fix).not.toBe('')
      }
    }),
    { numRuns: 300 },
  )
})
