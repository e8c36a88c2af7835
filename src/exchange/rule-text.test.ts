import { expect, test } from 'vitest'
import { crosswalksIn, withCrosswalk } from './rule-text.ts'

const CONTENT = `# As agreed in March
crosswalks:
  party: { map: { DEM: democratic } }

types:
  voter:
    unknown_fields: ignore # their own columns
`

test('a crosswalk is changed and the rest stays as it is written', () => {
  const changed = withCrosswalk(CONTENT, 'party', { REP: republican, '01': 'no' })
  expect(crosswalksIn(changed)).toEqual({ party: { REP: republican, '01': 'no' } })
  expect(changed).toContain('# As agreed in March')
  expect(changed).toContain('unknown_fields: ignore # their own columns')
})

test('a crosswalk is added to a rule set that has none, and to none at all', () => {
  expect(crosswalksIn(withCrosswalk('', 'county', { A: '1' }))).toEqual({ county: { A: '1' } })
  expect(crosswalksIn(withCrosswalk(CONTENT, 'county', { A: '1' }))).toEqual({
    party: { DEM: 'democratic' },
    county: { A: '1' },
  })
})

test('one without codes is taken out', () => {
  expect(crosswalksIn(withCrosswalk(CONTENT, 'party', {}))).toEqual({})
  expect(withCrosswalk(CONTENT, 'party', {})).toContain('unknown_fields')
})

const republican = 'republican'
