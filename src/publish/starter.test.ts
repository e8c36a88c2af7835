import { expect, test } from 'vitest'
import { csvRows } from '../exchange/code-file.ts'
import { loadDefinition } from '../exchange/load.ts'
import { exchangeFileSchema, typeFileSchema } from './language-schema.ts'
import { starterFiles } from './starter.ts'

test('the starter is an exchange without problems, whatever its title', () => {
  for (const title of ['Visits', 'A "quoted": title # of [odd] marks', "L'été"]) {
    const files = starterFiles('visits', title)
    const { definition, problems } = loadDefinition(new Map(Object.entries(files)), { sha256: () => '' })
    expect(problems).toEqual([])
    expect(definition).toMatchObject({ exchange: 'visits', title })
  }
})

test('the samples of the starter are in the form that its definition states', () => {
  const files = starterFiles('visits', 'Visits')
  const [header, ...rows] = [...csvRows(files['samples/visits.csv'] ?? '')].map(({ cells }) => cells)
  expect(header).toEqual(['Action', 'VisitNo', 'Day', 'Site', 'Kind', 'Title', 'Days'])
  expect(rows).toHaveLength(3)
  expect(JSON.parse(files['samples/visits.json'] ?? '')).toMatchObject({ visits: [{ Action: 'N' }, {}] })
})

test('editors find the schemas of the language beside the starter', () => {
  const files = starterFiles('visits', 'Visits')
  expect(files['exchange.yaml']).toMatch(/^# yaml-language-server: \$schema=schema\/exchange\.json\n/)
  expect(files['types/visit.yaml']).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/type\.json\n/)
  expect(JSON.parse(files['schema/exchange.json'] ?? '')).toEqual(exchangeFileSchema())
  expect(JSON.parse(files['schema/type.json'] ?? '')).toEqual(typeFileSchema())
})
