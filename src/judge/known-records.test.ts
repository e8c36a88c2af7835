import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { knownEntry, readKnown } from './known-records.ts'
import { packRepeats, unpackRepeats } from './packed-repeats.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const idOf = (text: string) => hashOf(`id of ${text}`).slice(0, 32)

test('every record of a list is found by its hash, and no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'known-'))
  try {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string(), { maxLength: 300 }), fc.string(), async (texts, other) => {
        const path = join(folder, 'known')
        const entries = texts.map((text) => knownEntry({ recordId: idOf(text), rawHash: hashOf(text) }))
        await writeFile(path, Buffer.concat(entries))
        const known = await readKnown(path)
        for (const text of texts) expect(known.find(hashOf(text))).toBe(idOf(text))
        expect(known.find(hashOf(other))).toBe(texts.includes(other) ? idOf(other) : null)
      }),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('repeats cross to another process as they are', () => {
  const repeat = fc.record({
    position: fc.nat(),
    line: fc.nat(),
    member: fc.constantFrom('', 'a.csv', 'b.csv'),
    rawHash: fc.string().map(hashOf),
    recordId: fc.uuid(),
  })
  fc.assert(
    fc.property(fc.array(repeat), (repeats) => {
      expect(unpackRepeats(structuredClone(packRepeats(repeats)))).toEqual(repeats)
    }),
  )
})
