import { expect, test } from 'vitest'
import { loadDefinition } from './load.ts'

const head = (more = '') => `exchange: pair\ntitle: Pair\ntypes: [left, right]\n${more}`
const typeText = (name: string, more = '') => `type: ${name}
identity: { key: [id] }
fields:
  - { no: 1, name: id, type: text, required: true, severity: fatal }
${more}`

function problems(exchange: string, left: string, right: string): string[] {
  const files = new Map([
    ['exchange.yaml', exchange],
    ['types/left.yaml', left],
    ['types/right.yaml', right],
  ])
  return loadDefinition(files, { sha256: (text) => text }).problems.map(
    ({ file, line, code, message }) => `${file}:${line} ${code} ${message}`,
  )
}

test('each type has its own element, member, sheet and file name', () => {
  expect(problems(head(), typeText('left'), typeText('right'))).toEqual([])
  const same = "member: 'A*'\nformats: { element: X, property: y, sheet: Z }\n"
  expect(
    problems(head(), typeText('left', same), typeText('right', same.replace('A', 'a').replace('Z', 'z'))),
  ).toEqual([
    "types/right.yaml:5 DUPLICATE The type 'left' has the member 'a*' already.",
    "types/right.yaml:6 DUPLICATE The type 'left' has the element 'X' already.",
    "types/right.yaml:6 DUPLICATE The type 'left' has the property 'y' already.",
    "types/right.yaml:6 DUPLICATE The type 'left' has the sheet 'z' already.",
  ])
})

test('a list of records cannot be told from a list in a record of the same name', () => {
  const list = '  - { no: 2, name: right, type: text, many: true }\n'
  expect(problems(head(), typeText('left', list), typeText('right'))).toEqual([
    "types/right.yaml:1 PATH 'right' holds the records of this type, and 'right' of a left.",
  ])
})

test('where a record names its type no field stands', () => {
  const field = '  - { no: 2, name: kind, type: text }\n'
  expect(
    problems(head('formats: { record_type: kind }\n'), typeText('left', field), typeText('right')),
  ).toEqual(["types/left.yaml:1 PATH 'kind' is where a record names its type, and the field 'kind' too."])
})

test('types that must come together exist', () => {
  expect(
    problems(head('batch: { required: [left, middle] }\n'), typeText('left'), typeText('right')),
  ).toEqual(["exchange.yaml:4 UNKNOWN_NAME There is no type 'middle'."])
})

test('a document is one value at the top, and says nothing of other types', () => {
  const document = (more: string) => `  - { no: 2, name: form, type: document, ${more} }\n`
  const found = (more: string) => problems(head(), typeText('left', document(more)), typeText('right'))
  expect(found('types: [pdf], bytes_max: 1000')).toEqual([])
  expect(found('many: true')).toHaveLength(1)
  expect(found('length: [1, 2]')).toHaveLength(1)
  expect(found('types: [png]')).toHaveLength(1)
  expect(found('bytes_max: 99999999999')).toHaveLength(1)
  const text = '  - { no: 2, name: form, type: text, bytes_max: 3 }\n'
  expect(problems(head(), typeText('left', text), typeText('right'))).toHaveLength(1)
})
