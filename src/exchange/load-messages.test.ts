import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { loadDefinition } from './load.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const type = (name: string, more = '') => `type: ${name}
identity: { key: [number] }
${more}
fields:
  - { no: 1, name: number, type: text, required: true, severity: fatal }
  - { no: 2, name: state, type: text }
`

function load(head: string, more = '') {
  return loadDefinition(
    new Map([
      ['exchange.yaml', `exchange: rolls\ntitle: Rolls\ntypes: [member, dues]\n${head}`],
      ['types/member.yaml', type('member', more)],
      ['types/dues.yaml', type('dues')],
    ]),
    { sha256 },
  )
}

test('work items, categories with their tolerances, and status fields are read; a fix order names all kinds', () => {
  const { definition, problems } = load(
    `work_items: { death: { title: Reported dead, due_days: 3 }, change_of_address: {} }
reconcile:
  categories:
    - { category: members, types: [member], tolerance: [{ up_to: 5000, differences: 5 }, { share: 0.001 }] }
    - { category: all_else }
  fix_order: [different, only-centre]
`,
    'status_fields: [state]',
  )
  expect(problems).toEqual([])
  expect(definition?.workItems).toEqual({
    death: { title: 'Reported dead', dueDays: 3 },
    change_of_address: { title: 'Change of address', dueDays: 5 },
  })
  expect(definition?.reconcile).toEqual({
    fixOrder: ['different', 'only-centre', 'only-partner', 'repeated'],
    categories: [
      {
        name: 'members',
        title: 'Members',
        types: ['member'],
        tolerance: [
          { upTo: 5000, differences: 5, share: 0 },
          { upTo: null, differences: 0, share: 0.001 },
        ],
      },
      { name: 'all_else', title: 'All else', types: ['dues'], tolerance: [] },
    ],
  })
  expect(definition?.types[0]?.statusFields).toEqual(['state'])
})

test('what was not said is not in the definition, so that its hash stays', () => {
  const { definition } = load('')
  expect(Object.keys(definition ?? {})).not.toContain('workItems')
  expect(Object.keys(definition ?? {})).not.toContain('reconcile')
  expect(Object.keys(definition?.types[0] ?? {})).not.toContain('statusFields')
})

test.each([
  ['reconcile: { categories: [{ category: a, types: [membr] }] }', '', "There is no type 'membr'."],
  [
    'reconcile: { categories: [{ category: a, types: [member] }, { category: b, types: [member] }] }',
    '',
    "The type 'member' belongs to 'a' already.",
  ],
  [
    'reconcile: { categories: [{ category: a, types: [member] }, { category: a }] }',
    '',
    "There are two categories 'a'.",
  ],
  ['reconcile: { fix_order: [first] }', '', "'first' cannot be the 'fix_order'."],
  ['work_items: { Death: {} }', '', "'Death' cannot stand in 'work_items'."],
  ['', 'status_fields: [stat]', "There is no field 'stat' at the top level."],
])('%s %s is refused', (head, more, message) => {
  expect(load(head, more).problems.map((problem) => problem.message)).toContain(message)
})
