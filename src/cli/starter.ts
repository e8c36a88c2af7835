/** The files of a small exchange that works at once, to start from. */

const TYPE = 'visit'

/**
 * A definition with one record type, a code list, a nested list and a rule, and a file to try it with.
 * @returns paths in the exchange's folder → their text
 */
export function starterFiles(name: string, title: string): Readonly<Record<string, string>> {
  return {
    'exchange.yaml': exchangeYaml(name, title),
    [`types/${TYPE}.yaml`]: typeYaml(),
    'codes/site.csv': 'code,label\nnorth,North library\nsouth,South library\n',
    'samples/visits.csv': sampleCsv(),
    'samples/visits.json': sampleJson(),
  }
}

function exchangeYaml(name: string, title: string): string {
  return `# What is exchanged, and in which formats. The record types are in types/.
exchange: ${name}
title: ${JSON.stringify(title)}
description: Visits to a site, with what was borrowed.
zone: UTC
owner: partner

types: [${TYPE}]

lists:
  site:
    title: Sites
    file: codes/site.csv
    imported: true
    columns: { code: code, label: label }
  kind:
    title: Kind of thing
    values:
      B: Book
      F: Film
      O: Other

formats:
  json: { wrapper: ${TYPE}s }
  xml: { root: Visits, record: Visit }
  csv: { delimiter: ',', items: ';', parts: '/', row_per: loans }
  sheet: { name: Visits }
`
}

function typeYaml(): string {
  return `# One visit, with each thing borrowed. Field numbers are permanent: never use one again for something else.
type: ${TYPE}
title: Visit
effective: day

identity:
  key: [visit_no]
  exists: { code: V001, message: A visit with this number is stored already. }
  missing: { code: V002, message: There is no visit with this number. }
  closed: { code: V003, message: The visit may no longer be changed. }

operation:
  path: Action
  column: Action
  values: { N: create, C: replace, D: delete }
  fallback: upsert
  code: V004
  message: The action must be N (new), C (change) or D (delete).

lifecycle:
  labels: { submitted: Stored, submitted-with-errors: Stored with errors, closed: Closed, deleted: Deleted }
  operations:
    create: {}
    upsert: { from: [submitted, submitted-with-errors] }
    replace: { from: [submitted, submitted-with-errors] }
    delete: { from: [submitted, submitted-with-errors] }

fields:
  - { no: 1, name: visit_no, label: Visit number, type: text, length: [1, 20], transforms: [trim], required: true, severity: fatal, path: VisitNo }
  - { no: 2, name: day, label: Day, type: date, range: [2000-01-01, today], required: true, path: Day }
  - { no: 3, name: site, label: Site, type: code, list: site, required: true, search: true, path: Site }
  - no: 4
    name: loans
    label: Loans
    type: group
    many: [0, 50]
    path: Loans.Loan
    fields:
      - { no: 5, name: kind, label: Kind, type: code, list: kind, required: true, path: Kind }
      - { no: 6, name: title, label: Title, type: text, length: [1, 200], path: Title }
      - { no: 7, name: days, label: Days, type: integer, range: [1, 60], path: Days }

rules:
  - id: V100
    title: A film is lent for a week at most
    severity: error
    each: loans
    when: "it.kind == 'F'"
    check: "it.days <= 7.0"
    blames: [days]
    message: "A film may be lent for 7 days at most, not {days}."
`
}

function sampleCsv(): string {
  return `VisitNo,Day,Site,Action,Kind,Title,Days
1001,2026-01-05,north,N,B,The River,21
1001,2026-01-05,north,N,F,Still Water,5
1002,2026-01-06,south,N,F,The Long Way Round,14
1003,2026-01-06,east,N,,,
`
}

function sampleJson(): string {
  const loan = { Kind: 'B', Title: 'The River', Days: 21 }
  const visit = { VisitNo: '1004', Day: '2026-01-07', Site: 'north', Action: 'N', Loans: { Loan: [loan] } }
  return `${JSON.stringify({ [`${TYPE}s`]: [visit] }, null, 2)}\n`
}
