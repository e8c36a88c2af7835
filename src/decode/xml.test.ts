import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RawRecord } from '../exchange/parcel.ts'
import { DecodeError } from './decode-error.ts'
import { DEFAULT_LIMITS, type DecodeLimits } from './limits.ts'
import { decodeXml } from './xml.ts'

const XML = { root: 'Stops', record: 'Stop', namespace: null }

interface Result {
  records: RawRecord[]
  error: DecodeError | null
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0
  for (const size of sizes) {
    yield bytes.subarray(from, from + size)
    from += size
  }
  yield bytes.subarray(from)
}

async function read(
  source: string | Uint8Array | AsyncIterable<Uint8Array>,
  change: {
    xml?: typeof XML | { root: string; record: string; namespace: string }
    limits?: Partial<DecodeLimits>
    sizes?: number[]
  } = {},
): Promise<Result> {
  const bytes =
    typeof source === 'string'
      ? cut(new TextEncoder().encode(source), change.sizes ?? [])
      : source instanceof Uint8Array
        ? cut(source, change.sizes ?? [])
        : source
  const options = { limits: { ...DEFAULT_LIMITS, ...change.limits }, firstPosition: 1, member: '' }
  const records: RawRecord[] = []
  try {
    for await (const batch of decodeXml(bytes, change.xml ?? XML, options)) {
      expect(batch.length).toBeGreaterThan(0)
      records.push(...batch)
    }
    return { records, error: null }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { records, error }
  }
}

const trees = (result: Result) =>
  result.records.map((record) => (record.shape.kind === 'tree' ? record.shape.tree : record.shape))

test('each record element becomes a tree, with lists, nesting, attributes and nil', async () => {
  const result = await read(`<?xml version="1.0" encoding="UTF-8"?>
<Stops xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Stop version="2">
    <Id>A &amp; &#66;</Id>
    <Codes><Code>1</Code><Code>2</Code></Codes>
    <Empty/><None xsi:nil="true"/><Blank>
    </Blank>
    <Note lang="en">seen <![CDATA[<here>]]></Note>
  </Stop>
  <!-- between -->
  <Stop
    xmlns="urn:other"><Id>2</Id></Stop>
</Stops>`)
  expect(result.error).toBeNull()
  expect(trees(result)).toEqual([
    {
      '@version': '2',
      Id: 'A & B',
      Codes: { Code: ['1', '2'] },
      Empty: '',
      None: null,
      Blank: '',
      Note: { '@lang': 'en', '#text': 'seen <here>' },
    },
    { Id: '2' },
  ])
  expect(result.records.map(({ position, line }) => [position, line])).toEqual([
    [1, 3],
    [2, 11],
  ])
})

test('one record alone is a document, under any prefix', async () => {
  const result = await read('<x:Stop xmlns:x="urn:x"><x:Id>1</x:Id></x:Stop>')
  expect(trees(result)).toEqual([{ Id: '1' }])
})

test('a record element in another namespace than the definition says is refused', async () => {
  const xml = { ...XML, namespace: 'urn:stops' }
  expect(trees(await read('<p:Stop xmlns:p="urn:stops"><p:Id>1</p:Id></p:Stop>', { xml }))).toEqual([
    { Id: '1' },
  ])
  const wrong = await read('<Stop><Id>1</Id></Stop>', { xml })
  expect(wrong.error?.code).toBe('FILE_MALFORMED')
})

test('a root without records is an empty submission, another document is refused', async () => {
  expect(await read('<Stops/>')).toEqual({ records: [], error: null })
  expect((await read('<html><body/></html>')).error?.code).toBe('FILE_MALFORMED')
})

test('names that mean something to JavaScript are ordinary names', async () => {
  const result = await read(
    '<Stop><__proto__><polluted>1</polluted></__proto__><constructor>2</constructor><toString>3</toString></Stop>',
  )
  const tree = trees(result)[0] as Record<string, unknown>
  expect(Object.keys(tree)).toEqual(['__proto__', 'constructor', 'toString'])
  expect(Object.getPrototypeOf(tree)).toBe(Object.prototype)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(JSON.stringify(tree)).toBe('{"__proto__":{"polluted":"1"},"constructor":"2","toString":"3"}')
})

test.each([
  [
    'billion laughs',
    '<!DOCTYPE Stops [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Stops><Stop><Id>&b;</Id></Stop></Stops>',
  ],
  [
    'an external entity',
    '<!DOCTYPE Stops [<!ENTITY x SYSTEM "file:///etc/passwd">]><Stops><Stop><Id>&x;</Id></Stop></Stops>',
  ],
  ['an external document type', '<!DOCTYPE Stops SYSTEM "http://example.org/a.dtd"><Stops/>'],
  ['an undeclared entity', '<Stops><Stop><Id>&nbsp;</Id></Stop></Stops>'],
  ['an entity with a name that every object has', '<Stops><Stop><Id>&toString;</Id></Stop></Stops>'],
])('%s is refused and nothing is expanded', async (_, text) => {
  const result = await read(text)
  expect(result.error?.code).toBe('FILE_ENTITY_REFUSED')
  expect(result.records).toEqual([])
})

test('records before the trouble stand', async () => {
  const good = '<Stop><Id>1</Id></Stop>\n'
  for (const [bad, code] of [
    ['<Stop><Id>2</Idx></Stop></Stops>', 'FILE_MALFORMED'],
    ['<Stop><Id>2', 'FILE_TRUNCATED'],
    ['<Stop><Id>&x;</Id></Stop></Stops>', 'FILE_ENTITY_REFUSED'],
    ['<Stop><Id>\u0001</Id></Stop></Stops>', 'FILE_MALFORMED'],
  ] as const) {
    const result = await read(`<Stops>\n${good}${good}${bad}`)
    expect(trees(result)).toEqual([{ Id: '1' }, { Id: '1' }])
    expect([result.error?.code, result.error?.line]).toEqual([code, 4])
  }
})

test('malformed XML is told with line and column', async () => {
  const { error } = await read('<Stops>\n<Stop a="1" a="2"/></Stops>')
  expect(error?.message).toMatch(/^Line 2: not well-formed XML at column \d+: duplicate attribute/)
})

test('cut at any byte, a document is truncated and never hangs', async () => {
  const bytes = new TextEncoder().encode('<Stops><Stop><Id a="é">1&amp;2</Id><!-- x --></Stop></Stops>')
  for (let end = 1; end < bytes.length; end += 1) {
    const { error } = await read(bytes.subarray(0, end))
    expect(error?.code).toBe('FILE_TRUNCATED')
  }
  expect((await read('')).error?.code).toBe('FILE_EMPTY')
  expect((await read('\ufeff \n')).error?.code).toBe('FILE_EMPTY')
  expect((await read('Id,Code\n1,2\n')).error?.code).toBe('FILE_MALFORMED')
})

test('ten thousand nested elements are refused at the limit', async () => {
  const { error } = await read(`<Stops><Stop>${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}</Stop></Stops>`)
  expect(error?.code).toBe('FILE_TOO_DEEP')
})

test('fifty thousand attributes are refused', async () => {
  const attributes = Array.from({ length: 50_000 }, (_, index) => `a${index}="1"`).join(' ')
  expect((await read(`<Stops><Stop ${attributes}/></Stops>`)).error?.code).toBe('FILE_TOO_LARGE')
})

async function* endless(head: string, filler: string, bytesMax: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(head)
  const chunk = encoder.encode(filler.repeat(Math.ceil(65_536 / filler.length)))
  for (let sent = 0; sent < bytesMax; sent += chunk.length) yield chunk
}

test.each([
  ['text', '<Stops><Stop><Id>', 'x'],
  ['text of many lines', '<Stops><Stop><Id>', 'x\r\n'],
  ['comment', '<Stops><!--', 'x'],
  ['attribute', '<Stops><Stop a="', 'x'],
  ['name', '<Stops><', 'x'],
  ['document type', '<!DOCTYPE x [', 'x'],
  ['record of small elements', '<Stops><Stop>', '<a>b</a>'],
])('a %s of 200 MB is refused after skipBytesMax characters, in bounded memory', async (_, head, filler) => {
  let sent = 0
  async function* counted() {
    for await (const chunk of endless(head, filler, 200 * 2 ** 20)) {
      sent += chunk.length
      yield chunk
    }
  }
  const { error } = await read(counted())
  expect(error?.code).toBe('FILE_TOO_LARGE')
  expect(sent).toBeLessThan(18 * 2 ** 20)
})

test('a record beyond the limit is passed over and named, the next one is read', async () => {
  const long = 'x'.repeat(2_000)
  const limits = { recordBytesMax: 1_000, fieldCharsMax: 500 }
  const result = await read(
    `<Stops><Stop><Id>${long}</Id><B>1</B></Stop><Stop><Id>${'x'.repeat(600)}</Id></Stop><Stop><Id>3</Id></Stop></Stops>`,
    { limits },
  )
  expect(result.error).toBeNull()
  expect(result.records.map((record) => record.shape.kind)).toEqual(['broken', 'broken', 'tree'])
  expect(result.records[1]?.shape).toMatchObject({ code: 'RECORD_TOO_LARGE' })
  expect(result.records.map((record) => record.position)).toEqual([1, 2, 3])
})

test('UTF-16 is read, and a declaration of an encoding that is not read is refused', async () => {
  const text = '\ufeff<?xml version="1.0" encoding="UTF-16"?><Stop><Id>Ünï 😀</Id></Stop>'
  const utf16 = new Uint8Array(
    new Uint16Array([...text].flatMap((c) => [...Array(c.length)].map((_, i) => c.charCodeAt(i)))).buffer,
  )
  expect(trees(await read(utf16, { sizes: [3, 7, 1] }))).toEqual([{ Id: 'Ünï 😀' }])
  const latin = await read('<?xml version="1.0" encoding="ISO-8859-1"?><Stop/>')
  expect(latin.error?.code).toBe('FILE_ENCODING')
  expect((await read(new Uint8Array([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x41]))).error?.code).toBe('FILE_ENCODING')
})

test('how the bytes are cut into chunks does not matter', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.nat(12), { maxLength: 60 }), async (sizes) => {
      const text =
        '<?xml version="1.0"?>\r\n<Stops>\r\n<Stop a="1">\r\n<Id>é😀&lt;&#x1F600;</Id><L><C>1</C>\n<C>2</C></L></Stop><Stop><![CDATA[x]]]]></Stop>\r</Stops>'
      expect(await read(text, { sizes })).toEqual(await read(text))
    }),
  ))

test('mutated documents end with records or a decode error, quickly', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(130), byte: fc.nat(255) }), { minLength: 1, maxLength: 6 }),
      async (changes) => {
        const bytes = new TextEncoder().encode(
          '<Stops><Stop a="1"><Id>1 &amp; 2</Id><!-- c --><L><C>1</C><C>2</C></L></Stop><Stop><![CDATA[x]]></Stop></Stops>',
        )
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte
        await read(bytes)
      },
    ),
    { numRuns: 500 },
  ))
