import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, latin, utf16 } from '../../test/decode/bytes.ts'
import { decodeText } from './text.ts'

async function read(
  document: string | Uint8Array,
  sizes: readonly number[] = [],
  windows1252 = true,
): Promise<{ text: string; ended: string | null }> {
  let text = ''
  try {
    for await (const piece of decodeText(cut(document, sizes), { windows1252 })) text += piece
  } catch (error) {
    const { name, code, line } = error as { name: string; code: string; line: number }
    if (name !== 'DecodeError') throw error
    return { text, ended: `${code} ${line}` }
  }
  return { text, ended: null }
}

const whole = (text: string) => ({ text, ended: null })

test('a byte order mark is dropped, at the start only', async () => {
  expect(await read('\ufeffname\nJosé \ufeff!')).toEqual(whole('name\nJosé \ufeff!'))
  expect(await read('\ufeff')).toEqual(whole(''))
  expect(await read(`${'a'.repeat(100)}\ufeff`)).toEqual(whole(`${'a'.repeat(100)}\ufeff`))
})

test('UTF-16 is read with and without a byte order mark, in both byte orders', async () => {
  for (const order of ['le', 'be'] as const)
    for (const mark of [true, false])
      expect(await read(utf16('id|name\n1|Zoë 🙂\n', order, mark), [], false)).toEqual(
        whole('id|name\n1|Zoë 🙂\n'),
      )
})

test('a CSV file saved by a Western Windows program is read as Windows-1252', async () => {
  expect(await read(latin('id|name\n1|Jos\xe9 \x80 5 \x96 \x93x\x94'))).toEqual(
    whole('id|name\n1|José € 5 – “x”'),
  )
  const late = `${'x'.repeat(300_000)}\n`
  expect(await read(latin(`${late}Mu\xf1oz\n${late}Mu\xf1oz`))).toEqual(whole(`${late}Muñoz\n${late}Muñoz`))
})

test('where Windows-1252 is not allowed, a byte that is not UTF-8 ends the document at its line', async () => {
  expect(await read(latin('one\ntwo\nJos\xe9'), [], false)).toEqual({
    text: 'one\ntwo\nJos',
    ended: 'FILE_TRUNCATED 3',
  })
  expect(await read(latin('one\ntwo\nJos\xe9!\nfour'), [], false)).toEqual({
    text: 'one\ntwo\nJos',
    ended: 'FILE_ENCODING 3',
  })
})

test('a UTF-8 file with a broken byte is not mistaken for Windows-1252', async () => {
  const bytes = new Uint8Array([...new TextEncoder().encode('é ü ñ\n'), 0xff, 10])
  expect(await read(bytes)).toEqual({ text: 'é ü ñ\n', ended: 'FILE_ENCODING 2' })
})

test('a byte that Windows-1252 leaves undefined, and a control among accents, are not text', async () => {
  expect((await read(latin('a\xe9\x81b\xe9'))).ended).toBe('FILE_ENCODING 1')
  expect((await read(latin('a\xe9\x00b\xe9'))).ended).toBe('FILE_ENCODING 1')
  const late = latin(`\xe9${'x'.repeat(200_000)}\n\x81`)
  expect((await read(late)).ended).toBe('FILE_ENCODING 2')
})

test('a file that ends inside a character is truncated', async () => {
  const bytes = new TextEncoder().encode('é é é\n€')
  expect(await read(bytes.slice(0, -1))).toEqual({ text: 'é é é\n', ended: 'FILE_TRUNCATED 2' })
  expect((await read(utf16('abc', 'le', true).slice(0, -1))).ended).toBe('FILE_TRUNCATED 1')
})

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 80 }).map((text) => new TextEncoder().encode(text)),
  fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => utf16(text, 'le', true)),
  fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => utf16(text, 'be', true)),
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(60), fc.integer({ min: 0x80, max: 0xff }))
    .map(([text, at, byte]) => {
      const bytes = [...new TextEncoder().encode(text)]
      bytes.splice(at, 0, byte)
      return Uint8Array.from(bytes)
    }),
)

test('how the bytes are cut never changes the text or the refusal', () =>
  fc.assert(
    fc.asyncProperty(
      anyBytes,
      fc.array(fc.integer({ min: 1, max: 9 })),
      fc.boolean(),
      async (bytes, sizes, w) => {
        expect(await read(bytes, sizes, w)).toEqual(await read(bytes, [], w))
      },
    ),
    { numRuns: 500 },
  ))

test('well-formed text comes back as it was', () =>
  fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      fc.pre(!text.includes('\0') && !text.startsWith('\ufeff'))
      expect(await read(text, [3], false)).toEqual(whole(text))
    }),
  ))
