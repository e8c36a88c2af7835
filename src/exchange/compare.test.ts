import { expect, test } from 'vitest'
import { starterFiles } from '../publish/starter.ts'
import { compareDefinitions } from './compare.ts'
import type { Definition } from './definition.ts'
import { loadDefinition } from './load.ts'

const starter = starterFiles('visits', 'Visits')

function load(changes: Readonly<Record<string, string>>): Definition {
  const files = new Map(Object.entries({ ...starter, ...changes }))
  const { definition, problems } = loadDefinition(files, { sha256: (text) => text })
  expect(problems).toEqual([])
  return definition as Definition
}

function replaced(file: string, from: string, to: string) {
  expect(starter[file]).toContain(from)
  return load({ [file]: (starter[file] ?? '').replace(from, to) })
}

const start = load({})

test('a definition does not differ from itself', () => {
  expect(compareDefinitions(start, start)).toEqual([])
})

test.each([
  ['exchange.yaml', 'zone: UTC', 'zone: Europe/Paris', ['exchange zone', 'changed', 'UTC', 'Europe/Paris']],
  ['exchange.yaml', 'O: Other', 'O: Other, P: Paper', ['list kind P', 'added', null, 'Paper']],
  ['exchange.yaml', ', O: Other', '', ['list kind O', 'removed', 'Other', null]],
  [
    'exchange.yaml',
    'F: Film',
    'F: { label: Film, until: 2025-12-31 }',
    ['list kind F', 'changed', 'Film', 'Film until 2025-12-31'],
  ],
  ['types/visit.yaml', 'range: [1, 60]', 'range: [1, 90]', ['visit.loans.days max', 'changed', '60', '90']],
  ['types/visit.yaml', 'name: title', 'name: work', ['visit.loans.title name', 'changed', 'title', 'work']],
  [
    'types/visit.yaml',
    'label: Kind,',
    'label: Kind, locked: true,',
    ['visit.loans.kind locked', 'changed', 'false', 'true'],
  ],
  [
    'types/visit.yaml',
    'check: it.days <= 7',
    'check: it.days <= 8',
    ['visit rule V100 check', 'changed', 'it.days <= 7', 'it.days <= 8'],
  ],
  [
    'types/visit.yaml',
    'id: V100',
    'id: V101',
    ['visit rule V100', 'removed', 'A film is lent for a week at most', null],
  ],
  [
    'types/visit.yaml',
    'delete: {}',
    'delete: { grant: centre }',
    ['visit lifecycle operations delete grant', 'changed', 'owner', 'centre'],
  ],
] as const)('%s: %s written %s is told', (file, from, to, [place, change, before, after]) => {
  const found = compareDefinitions(start, replaced(file, from, to))
  expect(found).toContainEqual({ place, change, before, after })
})
