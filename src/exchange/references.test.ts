import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { wrongAcross } from './check-references.ts'
import type { Definition } from './definition.ts'
import { loadDefinition } from './load.ts'
import { inDependencyOrder, referringTo } from './references.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const VOTER = `type: voter
identity: { key: [number] }
fields:
  - { no: 1, name: number, type: text, required: true, severity: fatal }
  - { no: 2, name: age, type: integer }
`

const VOTE = `type: vote
identity: { key: [voter, election] }
fields:
  - { no: 1, name: voter, type: text, required: true, severity: fatal, reference: { type: voter, on_delete: cascade } }
  - { no: 2, name: election, type: text, required: true, severity: fatal }
`

function load(change: { vote?: string; voter?: string; head?: string; exchange?: string } = {}) {
  const { vote = VOTE, voter = VOTER, head = '', exchange = 'register' } = change
  return loadDefinition(
    new Map([
      ['exchange.yaml', `exchange: ${exchange}\ntitle: Register\ntypes: [vote, voter]\n${head}`],
      ['types/voter.yaml', voter],
      ['types/vote.yaml', vote],
    ]),
    { sha256 },
  )
}

function loaded(change: Parameters<typeof load>[0] = {}): Definition {
  const { definition, problems } = load(change)
  expect(problems).toEqual([])
  return definition as Definition
}

test('a field refers by its value; types that others refer to come first', () => {
  const { types } = loaded()
  expect(types[0]?.references).toMatchObject([
    {
      name: 'voter',
      type: 'voter',
      exchange: null,
      key: [['voter']],
      onMissing: 'reject',
      onDelete: 'cascade',
      code: 'NO_TARGET',
      message: 'There is no voter with this key.',
      inUse: { code: 'IN_USE' },
    },
  ])
  expect(inDependencyOrder(types).map(({ name }) => name)).toEqual(['voter', 'vote'])
  expect(referringTo([loaded()], 'register', 'voter').map(({ type }) => type.name)).toEqual(['vote'])
  expect(referringTo([loaded()], 'other', 'voter')).toEqual([])
})

test('what was not said is not in the definition, so that its hash stays', () => {
  expect(Object.keys(loaded().types[1] ?? {})).not.toContain('references')
  expect(Object.keys(loaded().types[1] ?? {})).not.toContain('sync')
  expect(Object.keys(loaded().refresh)).not.toContain('within')
})

test.each([
  ['reference: { type: vter }', "There is no type 'vter'."],
  ['reference: { type: vote }', "The key of 'vote' has 2 fields, that of the reference 1."],
  ['reference: { type: voter, key: [age] }', "'age' is no field with a value."],
  ['reference: { type: voter, exchange: register }', "'register' is this exchange."],
  ['reference: { type: voter, on_missing: hold }', "'hold' cannot be the 'on_missing'."],
])('%s is refused', (words, message) => {
  const { problems } = load({ vote: VOTE.replace(/reference: \{[^}]*\}/, words) })
  expect(problems.map((problem) => problem.message)).toContain(message)
})

test('key fields of different kinds cannot refer to each other', () => {
  const number = VOTER.replace('name: number, type: text', 'name: number, type: integer')
  expect(load({ voter: number }).problems.map(({ message }) => message)).toEqual([
    "'voter' is of type text, 'number' of 'voter' of type integer.",
  ])
})

test('a refresh is kept within fields that every record has', () => {
  const head = 'refresh: { allowed: true, within: [election] }\n'
  expect(load({ head }).problems.map(({ message }) => message)).toEqual([
    "A refresh cannot be kept within 'election': the type 'voter' has no such single value at the top level.",
  ])
  const kept = `${VOTER}sync: { missing: keep }\n`
  expect(loaded({ head, voter: kept }).refresh.within).toEqual(['election'])
})

test('renaming needs the place of the former key', () => {
  const rename = `${VOTER}lifecycle: { operations: { rename: {} } }\n`
  expect(load({ voter: rename }).problems.map(({ code }) => code)).toEqual(['OPERATION'])
  const wrong = VOTER.replace('key: [number]', 'key: [number], former: [age]')
  expect(load({ voter: wrong }).problems.map(({ message }) => message)).toEqual([
    "'age' is not of the type of 'number'.",
  ])
})

test('references between exchanges are held against all exchanges of a node', () => {
  const across = VOTE.replace('type: voter, on', 'type: voter, exchange: people, on')
  const from = loaded({ vote: across })
  expect(wrongAcross([from])).toEqual([
    "register, type vote, reference voter: there is no exchange 'people'.",
  ])
  expect(wrongAcross([from, loaded({ exchange: 'people' })])).toEqual([])
  const other = loaded({
    exchange: 'people',
    voter: VOTER.replace('name: number, type: text', 'name: number, type: integer'),
    vote: VOTE.replace(/reference: \{[^}]*\}/, 'privacy: public'),
  })
  expect(wrongAcross([from, other])).toEqual([
    "register, type vote, reference voter: 'voter' is of type text, 'number' of 'voter' of type integer.",
  ])
})
