import { expect, test } from 'vitest'
import { makeZip } from '../../test/unpack/zip-maker.ts'
import { UNPACK_LIMITS } from './limits.ts'
import { unpackDocument } from './unpack.ts'

const noise = (size: number) => Buffer.from(Array.from({ length: size }, (_, at) => (at * 7919) % 251))

async function partsOf(zip: Uint8Array, change: Partial<typeof UNPACK_LIMITS> = {}, attachments = true) {
  const limits = { ...UNPACK_LIMITS, ...change }
  const parts = []
  for await (const part of unpackDocument({ bytes: zip }, { fileName: '', limits, attachments }))
    parts.push(part)
  return parts
}

const zip = makeZip([
  { name: 'in/photo.gif', data: 'a,b\n1,2\n' },
  { name: 'in/table.csv', data: 'a,b\n1,2\n' },
  { name: 'in/unknown', data: noise(500) },
  { name: 'top.pdf', data: '%PDF-1.4' },
])

test('files that may be documents of records are no parts, whatever is in them', async () => {
  expect((await partsOf(zip)).map(({ member }) => member)).toEqual(['in/table.csv'])
  await expect(partsOf(zip, {}, false)).rejects.toMatchObject({ code: 'FILE_TYPE_UNKNOWN' })
})

test('they are read by name, from the top or from beside the part, and by no other way', async () => {
  for await (const { attached } of unpackDocument({ bytes: zip }, { fileName: '', attachments: true })) {
    const read = async (name: string) => {
      const bytes = await attached?.(name, 1000)
      return bytes === 'large' || bytes == null ? bytes : bytes.length
    }
    expect(await read('in/unknown')).toBe(500)
    expect(await read('./unknown')).toBe(500)
    expect(await read('in\\unknown')).toBe(500)
    expect(await read('top.pdf')).toBe(8)
    for (const none of ['', 'Unknown', '../top.pdf', '/etc/passwd', 'in/', 'in/nothing'])
      expect(await read(none)).toBe(null)
    expect(await attached?.('unknown', 499)).toBe('large')
  }
})

test('an archive of nothing but documents holds no records', async () => {
  const only = makeZip([{ name: 'a.gif', data: 'x' }])
  await expect(partsOf(only)).rejects.toMatchObject({ code: 'FILE_EMPTY' })
})

test('all that is read of the files is limited, however often they are named', async () => {
  const read = async () => {
    const limits = { ...UNPACK_LIMITS, unpackedBytesMax: 2000 }
    for await (const { attached } of unpackDocument(
      { bytes: zip },
      { fileName: '', limits, attachments: true },
    ))
      for (let time = 0; time < 10; time += 1) await attached?.('unknown', 1000)
  }
  await expect(read()).rejects.toMatchObject({ code: 'FILE_ARCHIVE_REFUSED' })
})
