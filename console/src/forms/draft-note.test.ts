import { expect, test } from 'vitest'
import { readDraft, withNote } from './draft-note.ts'

test('what the form remembers beside a draft never gets among its values', () => {
  const kept = withNote({ duration: '12' }, { version: 3, partner: 'oak-county-so' })
  expect(readDraft(kept)).toEqual({
    tree: { duration: '12' },
    note: { version: 3, partner: 'oak-county-so' },
  })
  expect(withNote({ duration: '12' }, {})).toEqual({ duration: '12' })
  expect(readDraft({ duration: '12', $form: 'odd' })).toEqual({ tree: { duration: '12' }, note: {} })
})
