import { exchangeFileSchema, typeFileSchema } from './language-schema.ts'

/**
 * The files of a small exchange that works at once, to start from: one record type with a nested list, two code
 * lists and a rule, samples with a good and a bad record each, and the schemas that editors check with.
 * @param name the exchange's name: small letters, digits and hyphens, 10 at most
 * @returns paths in the exchange's folder → their text
 */
export function starterFiles(name: string, title: string): Readonly<Record<string, string>> {
  return {
    'exchange.yaml': headYaml(name, title),
    'types/visit.yaml': TYPE_YAML,
    'codes/site.csv': 'code,label\nnorth,North library\nsouth,South library\n',
    'samples/visits.csv': SAMPLE_CSV,
    'samples/visits.json': sampleJson(),
    'schema/exchange.json': `${JSON.stringify(exchangeFileSchema(), null, 2)}\n`,
    'schema/type.json': `${JSON.stringify(typeFileSchema(), null, 2)}\n`,
  }
}

function headYaml(name: string, title: string): string {
  return `# yaml-language-server: $schema=schema/exchange.json
# What is exchanged, and how its files look. The record types are in types/, long code lists in codes/.
# docs/guide/definition-language.md tells what each key means.
exchange: ${name}
title: ${JSON.stringify(title)}
description: Visits to a library, with what was borrowed.
zone: UTC
owner: partner          # each partner owns its records

types: [visit]

lists:
  site: { title: Site, file: codes/site.csv, imported: true, columns: { code: code, label: label } }
  kind:
    title: Kind of thing
    values: { B: Book, F: Film, O: Other }

formats:
  json: { wrapper: visits }
  xml: { root: Visits, record: Visit }
  csv: { delimiter: ',', items: ';', parts: '/', row_per: loans }
  sheet: { name: Visits }
`
}

const TYPE_YAML = `# yaml-language-server: $schema=../schema/type.json
# One visit, with each thing borrowed. Field numbers are permanent: never give one to another field.
type: visit
title: Visit
effective: day

identity:
  key: [visit_no]
  exists: { code: V001, message: A visit with this number is stored already. }
  missing: { code: V002, message: There is no visit with this number. }
  closed: { code: V003, message: The visit may no longer be changed. }

operation:
  path: Action
  values: { N: create, C: replace, D: delete }
  fallback: upsert
  code: V004
  message: The action must be N (new), C (change) or D (delete).

lifecycle:
  labels: { submitted: Stored, submitted-with-errors: Stored with errors }
  operations:
    create: {}
    replace: {}
    upsert: {}
    delete: {}

fields:
  - no: 1
    name: visit_no
    label: Visit number
    description: The site's own number of the visit, never used again.
    example: '1001'
    type: text
    length: [1, 20]
    transforms: [trim]
    required: true
    severity: fatal
    search: true
    path: VisitNo
  - { no: 2, name: day, label: Day, type: date, example: '2026-01-05', range: [2000-01-01, today], required: true, path: Day }
  - { no: 3, name: site, label: Site, type: code, example: north, list: site, required: true, search: true, path: Site }
  - no: 4
    name: loans
    label: Things borrowed
    type: group
    many: [0, 50]
    path: Loans.Loan
    fields:
      - { no: 5, name: kind, label: Kind, type: code, example: B, list: kind, required: true, path: Kind }
      - { no: 6, name: title, label: Title, type: text, example: The River, length: [1, 200], path: Title }
      - { no: 7, name: days, label: Days, type: integer, example: '21', range: [1, 60], path: Days }

rules:
  - id: V100
    title: A film is lent for a week at most
    each: loans
    when: "it.kind == 'F' && has(it.days)"
    check: it.days <= 7
    blames: [days]
    message: A film may be lent for 7 days at most, not {days}.
`

const SAMPLE_CSV = `Action,VisitNo,Day,Site,Kind,Title,Days
N,1001,2026-01-05,north,B,The River,21
N,1001,2026-01-05,north,F,Still Water,5
N,1002,2026-01-06,east,F,The Long Way Round,14
`

function sampleJson(): string {
  const good = {
    Action: 'N',
    VisitNo: '1003',
    Day: '2026-01-07',
    Site: 'south',
    Loans: { Loan: [{ Kind: 'O' }] },
  }
  const loan = { Kind: 'F', Title: 'Still Water', Days: 30 }
  const bad = { Action: 'N', VisitNo: '1004', Day: '2026-02-30', Site: 'south', Loans: { Loan: [loan] } }
  return `${JSON.stringify({ visits: [good, bad] }, null, 2)}\n`
}
