import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendLeaves, leafHash, prove, proves, rootOf } from './merkle.ts'

const line = fc.string({ maxLength: 20 })

async function* from(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

test('the root does not depend on how the lines were cut into chunks', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.nat(60), (lines, cut) => {
      const leaves = lines.map(leafHash)
      const whole = appendLeaves([], leaves)
      const parts = appendLeaves(appendLeaves([], leaves.slice(0, cut)), leaves.slice(cut))
      expect(rootOf(parts)).toBe(rootOf(whole))
    }),
  )
})

test('every line of a log can be proven against the root, and no other line with its path', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(line, { minLength: 1, maxLength: 40 }),
      fc.nat(39),
      async (lines, pick) => {
        const wanted = lines[pick % lines.length] ?? ''
        const root = rootOf(appendLeaves([], lines.map(leafHash)))
        const proof = await prove(from(lines), (candidate) => candidate === wanted)
        expect(proof?.root).toBe(root)
        expect(proves(wanted, proof?.path ?? [], root)).toBe(true)
        expect(proves(`${wanted}!`, proof?.path ?? [], root)).toBe(false)
      },
    ),
  )
})

test('a tree of three known leaves has the root that RFC 6962 prescribes', () => {
  const [a, b, c] = ['', '\u0000', '\u0010'].map(leafHash) as [Buffer, Buffer, Buffer]
  expect(rootOf(appendLeaves([], [a]))).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  )
  expect(rootOf(appendLeaves([], [a, b]))).toBe(
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  )
  expect(rootOf(appendLeaves([], [a, b, c]))).toBe(
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  )
})
