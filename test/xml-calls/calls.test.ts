import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { exampleRecord } from '../../src/encode/example.ts'
import { toWire } from '../../src/encode/record.ts'
import { xmlElement } from '../../src/encode/xml.ts'
import type { Body } from '../../src/exchange/parcel.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { newPostgresUrl } from '../database.ts'
import { type Club, type Clubs, openClubs } from '../servers/clubs.ts'
import { schemaErrors } from './schema.ts'

const databases = [
  { name: 'PostgreSQL', url: newPostgresUrl },
  { name: 'the embedded database', url: async () => null },
]

const NAMESPACE = 'urn:tributary:interactive:roll'
const ORI = 'CA0990100'

interface Answered {
  readonly status: number
  readonly text: string
  /** The first element of that name. */
  of(name: string): string | undefined
  /** All elements of that name. */
  all(name: string): readonly string[]
}

describe.each(databases)('interactive XML calls on $name', ({ url }) => {
  let clubs: Clubs
  let alder: Club
  let birch: Club
  let rollSchema = ''
  const schemas = new Map<string, string>()

  beforeAll(async () => {
    clubs = await openClubs(await url())
    alder = await clubs.club('alder', [`ori/${ORI}`, 'county/01'])
    birch = await clubs.club('birch')
    for (const exchange of ['roll', 'ripa', 'voter']) schemas.set(exchange, await schemaOf(exchange))
    rollSchema = schemas.get('roll') ?? ''
  }, 90_000)
  afterAll(() => clubs?.close())

  async function schemaOf(exchange: string): Promise<string> {
    const response = await alder.client.request('GET', `/v1/exchanges/${exchange}/interactive.xsd`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    const file = join(clubs.folder, `${exchange}.xsd`)
    await writeFile(file, await response.text())
    return file
  }

  /** Sends a call and holds the answer against the schema. */
  async function post(body: string, { as = alder, exchange = 'roll', type = 'application/xml' } = {}) {
    const response = await as.client.request('POST', `/v1/exchanges/${exchange}/interactive`, {
      body,
      headers: { 'content-type': type },
    })
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(await schemaErrors(schemas.get(exchange) ?? '', text)).toBe('')
    const all = (name: string) =>
      [...text.matchAll(new RegExp(`<${name}(?: [^>]*)?>(.*?)</${name}>`, 'gs'))].map(([, one]) => one ?? '')
    const answered: Answered = { status: response.status, text, all, of: (name) => all(name)[0] }
    return answered
  }

  /** A call that fits the schema too. */
  async function call(content: string, how: { as?: Club; exchange?: string } = {}): Promise<Answered> {
    const exchange = how.exchange ?? 'roll'
    const namespace = `urn:tributary:interactive:${exchange}`
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Call xmlns="${namespace}">${content}</Call>`
    expect(await schemaErrors(schemas.get(exchange) ?? '', body)).toBe('')
    return post(body, how)
  }

  const member = (number: string, more = '') =>
    `<Member><Number>${number}</Number><Name><Last>Lee &amp; Co</Last><First>Ada</First></Name><Born>1970-01-31</Born>` +
    `<Standing><Code>A</Code></Standing>${more}</Member>`

  test('a record is entered, looked up, updated and corrected; each answer has its receipt', async () => {
    const entered = await call(
      `<Enter>${member('A-1', '<Fee>10.50</Fee><Newsletter>true</Newsletter><Games><Game>go</Game><Game>chess</Game></Games><Phone><Kind>home</Kind><Digits>1</Digits></Phone>')}</Enter>`,
    )
    expect([entered.status, entered.of('Outcome'), entered.of('Status'), entered.of('Version')]).toEqual([
      200,
      'created',
      'submitted',
      '1',
    ])
    const recordId = entered.of('RecordId') ?? ''
    const tracking = entered.of('Tracking') ?? ''
    expect(entered.of('Reference')).toBe(`/v1/submissions/${tracking}/receipt`)
    const receipt = await alder.client.request('GET', `/v1/submissions/${tracking}/receipt`)
    expect(receipt.status).toBe(200)
    const submission = await alder.client.json('GET', `/v1/submissions/${tracking}`)
    expect(submission).toMatchObject({ channel: 'xml', format: 'xml', state: 'completed' })

    const found = await call('<Lookup><Type>member</Type><Key>A-1</Key></Lookup>')
    expect(found.of('Last')).toBe('Lee &amp; Co')
    expect(found.all('Game')).toEqual(['go', 'chess'])
    expect(found.of('FederationId')).toBe(recordId)
    expect(found.of('StatusLabel')).toBe('Submitted')

    // What was looked up is sent back changed.
    const sent = found.of('Member')?.replace('<Fee>10.5</Fee>', '<Fee>12</Fee>') ?? ''
    const update = `<Update><RecordId>${recordId}</RecordId><Version>1</Version><Member>${sent}</Member></Update>`
    const updated = await call(update)
    expect([updated.of('Outcome'), updated.of('Version')]).toEqual(['updated', '2'])
    const stale = await call(update)
    expect([stale.status, stale.of('Code')]).toEqual([412, 'PRECONDITION'])

    const corrected = await call(
      '<CorrectStatus><Type>member</Type><Key>A-1</Key><Version>2</Version><Set><Member><Standing><Code>L</Code><Reason>moved</Reason></Standing></Member></Set></CorrectStatus>',
    )
    expect([corrected.of('Outcome'), corrected.of('Version'), corrected.of('RecordId')]).toEqual([
      'updated',
      '3',
      recordId,
    ])
    const after = await call(`<Lookup><Type>member</Type><RecordId>${recordId}</RecordId></Lookup>`)
    expect(after.of('Standing')).toBe('<Code>L</Code><Reason>moved</Reason>')
    expect(after.of('Fee')).toBe('12')
    const cleared = await call(
      '<CorrectStatus><Type>member</Type><Key>A-1</Key><Set><Member><Standing><Reason></Reason></Standing></Member></Set></CorrectStatus>',
    )
    expect(cleared.of('Outcome')).toBe('updated')
    expect((await call('<Lookup><Type>member</Type><Key>A-1</Key></Lookup>')).of('Standing')).toBe(
      '<Code>L</Code>',
    )

    const closed = await call('<CorrectStatus><Type>member</Type><Key>A-1</Key><Close/></CorrectStatus>')
    expect([closed.of('Status'), closed.of('StatusLabel')]).toEqual(['closed', 'Closed for good'])
    const final = await call(`<Update>${member('A-1')}</Update>`)
    expect([final.status, final.of('Outcome'), final.of('Code')]).toEqual([422, 'rejected', 'M003'])
  })

  test('records are looked up by searchable fields, page by page', async () => {
    for (const number of ['B-1', 'B-2', 'B-3']) await call(`<Enter>${member(number)}</Enter>`, { as: birch })
    const where =
      '<Where><Field name="last_name">Lee &amp; Co</Field><Field name="born">01/31/1970</Field></Where>'
    const first = await call(`<Lookup><Type>member</Type>${where}<Limit>2</Limit></Lookup>`, { as: birch })
    expect(first.all('Key')).toEqual(['B-1', 'B-2'])
    const next = first.of('Next') ?? ''
    const second = await call(`<Lookup><Type>member</Type>${where}<After>${next}</After></Lookup>`, {
      as: birch,
    })
    expect([second.all('Key'), second.of('Next')]).toEqual([['B-3'], undefined])
    const none = await call(
      '<Lookup><Type>member</Type><Where><Field name="standing">I</Field></Where></Lookup>',
      { as: birch },
    )
    expect([none.status, none.all('Record')]).toEqual([200, []])
    const foreign = await call('<Lookup><Type>member</Type><Key>A-1</Key></Lookup>', { as: birch })
    expect(foreign.all('Record')).toEqual([])
  })

  test('a record with findings is told what they are; a refused one is not stored', async () => {
    const body = (record: string) => `<Call xmlns="${NAMESPACE}"><Enter>${record}</Enter></Call>`
    const faulty =
      '<Member><Number>C-1</Number><Standing><Code>Q</Code></Standing><Born>never</Born></Member>'
    expect(await schemaErrors(rollSchema, body(faulty))).not.toBe('')
    const stored = await post(body(faulty))
    expect([stored.status, stored.of('Status')]).toEqual([200, 'submitted-with-errors'])
    expect(stored.all('Field')).toEqual(expect.arrayContaining(['Last', 'Born', 'Code']))
    expect((await call('<Lookup><Type>member</Type><Key>C-1</Key></Lookup>')).of('Born')).toBe('never')
    const refused = await post(body('<Member><Number>no good</Number></Member>'))
    expect([refused.status, refused.of('Outcome'), refused.of('Severity')]).toEqual([
      422,
      'rejected',
      'fatal',
    ])
    const again = await call(`<Enter>${member('C-1')}</Enter>`)
    expect([again.status, again.of('Code')]).toEqual([422, 'M001'])
    const dues = await post(body('<Dues><Member>NOBODY</Member><Year>2025</Year></Dues>'))
    expect([dues.status, dues.of('Code')]).toEqual([422, 'NO_TARGET'])
    expect(
      (await call('<Enter><Dues><Member>C-1</Member><Year>2025</Year><Paid>1.00</Paid></Dues></Enter>')).of(
        'Key',
      ),
    ).toBe('C-1/2025')
  })

  test('a call with an idempotency key is done once', async () => {
    const once = `<IdempotencyKey>once-1</IdempotencyKey><Enter>${member('D-1')}</Enter>`
    const [first, second] = [await call(once), await call(once)]
    expect([first.of('Repeated'), second.of('Repeated')]).toEqual(['false', 'true'])
    expect(second.of('Tracking')).toBe(first.of('Tracking'))
    const recordId = first.of('RecordId') ?? ''
    const update = `<IdempotencyKey>once-2</IdempotencyKey><Update><RecordId>${recordId}</RecordId><Version>1</Version>${member('D-1', '<Fee>3</Fee>')}</Update>`
    const updates = [await call(update), await call(update)]
    expect(updates.map(({ status, of }) => [status, of('Repeated'), of('Version')])).toEqual([
      [200, 'false', '2'],
      [200, 'true', '2'],
    ])
    const remove = `<IdempotencyKey>once-3</IdempotencyKey><CorrectStatus><Type>member</Type><RecordId>${recordId}</RecordId><Delete/></CorrectStatus>`
    const removals = [await call(remove), await call(remove)]
    expect(removals.map(({ status, of }) => [status, of('Repeated'), of('Outcome')])).toEqual([
      [200, 'false', 'deleted'],
      [200, 'true', 'deleted'],
    ])
    expect((await call(remove.replace('once-3', 'once-4'))).status).toBe(404)
    const other = await call(`<IdempotencyKey>once-1</IdempotencyKey><Enter>${member('D-2')}</Enter>`)
    expect([other.status, other.of('Code'), other.of('Retry')]).toEqual([409, 'CONFLICT', 'never'])
  })

  test('live and test data do not meet', async () => {
    expect((await call(`<Realm>test</Realm><Enter>${member('T-1')}</Enter>`)).of('Outcome')).toBe('created')
    const live = await call('<Lookup><Type>member</Type><Key>T-1</Key></Lookup>')
    expect(live.all('Record')).toEqual([])
    const there = await call('<Realm>test</Realm><Lookup><Type>member</Type><Key>T-1</Key></Lookup>')
    const recordId = there.of('RecordId') ?? ''
    const across = await call(
      `<CorrectStatus><Type>member</Type><RecordId>${recordId}</RecordId><Delete/></CorrectStatus>`,
    )
    expect(across.status).toBe(404)
    const gone = await call(
      `<Realm>test</Realm><CorrectStatus><Type>member</Type><RecordId>${recordId}</RecordId><Delete/></CorrectStatus>`,
    )
    expect(gone.of('Outcome')).toBe('deleted')
  })

  test('what the centre changes is a message to the partner, who reads and clears it', async () => {
    await call(`<Enter>${member('E-1')}</Enter>`)
    const before = await call('<Messages/>')
    expect(before.all('Message')).toEqual([])
    const correction =
      '<CorrectStatus><Type>member</Type><Key>E-1</Key><Set><Member><Standing><Code>I</Code></Standing></Member></Set></CorrectStatus>'
    await call(`<Partner>alder</Partner>${correction}`, { as: clubs.centre })
    expect((await call(`<Partner>alder</Partner>${correction}`, { as: birch })).status).toBe(403)
    const told = await call('<Messages><MessageType>status-change</MessageType><Limit>5</Limit></Messages>')
    expect([told.of('Key'), told.of('Title')]).toEqual(['E-1', 'Member E-1: Standing is I now.'])
    const number = told.of('Number') ?? ''
    const one = await call(`<Messages><Number>${number}</Number></Messages>`)
    expect(one.text).toContain('<Detail name="fields">standing</Detail>')
    expect((await call(`<Messages><After>${number}</After></Messages>`)).all('Message')).toEqual([])
    const cleared = await call(
      `<ClearMessages><Number>${number}</Number><Number>999</Number></ClearMessages>`,
    )
    expect(cleared.of('Cleared')).toBe('1')
    expect((await call('<ClearMessages><UpTo>9</UpTo></ClearMessages>')).of('Cleared')).toBe('0')
    expect((await call('<Messages/>')).all('Message')).toEqual([])
  })

  test('a stop of the exchange ripa is entered, put right and closed', async () => {
    const firstDay = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10)
    const [stop] = generateStops({ seed: 3, count: 1, ori: ORI, firstDay, firstNumber: 1 })
    const tree = stopTree(stop as NonNullable<typeof stop>)
    const record = xmlElement('StopDataRecord', { ...tree, SDur: '' })
    const body = `<Call xmlns="urn:tributary:interactive:ripa"><Enter>${record}</Enter></Call>`
    const entered = await post(body, { exchange: 'ripa' })
    expect([entered.status, entered.of('Status')]).toEqual([200, 'submitted-with-errors'])
    const key = entered.of('Key') ?? ''
    const found = await call(`<Lookup><Key>${key}</Key></Lookup>`, { exchange: 'ripa' })
    expect(found.of('LEARecordID')).toBe(tree.LEARecordID)
    expect(found.of('DOJRecordID')).toBe(entered.of('RecordId'))
    const right = xmlElement('StopDataRecord', { ...tree, TX_Type: 'U' })
    const update = `<Call xmlns="urn:tributary:interactive:ripa"><Update>${right}</Update></Call>`
    const updated = await post(update, { exchange: 'ripa' })
    expect([updated.of('Outcome'), updated.of('Status')]).toEqual(['updated', 'submitted'])
    const other = await post(update, { exchange: 'ripa', as: birch })
    expect([other.status, other.of('Outcome')]).toEqual([422, 'rejected'])
  })

  test('a voter is entered at the desk, found by name, and cancelled', async () => {
    const definition = await loadExchange(new URL('../../exchanges/voter', import.meta.url).pathname)
    const [type] = definition.types
    if (type === undefined) throw new Error('a voter')
    const example: Body = { ...exampleRecord(definition, type), county: '01' }
    const voter = xmlElement(
      'Voter',
      toWire(definition, type, example, { version: definition.versions[0]?.name ?? '' }),
    )
    const asked = { exchange: 'voter' }
    const entered = await call(`<IdempotencyKey>desk-1</IdempotencyKey><Enter>${voter}</Enter>`, asked)
    expect([entered.status, entered.of('Outcome')]).toEqual([200, 'created'])
    const found = await call(
      `<Lookup><Where><Field name="last_name">${example.last_name}</Field></Where></Lookup>`,
      asked,
    )
    expect(found.of('RecordId')).toBe(entered.of('RecordId'))
    const cancelled = await call(
      `<CorrectStatus><RecordId>${found.of('RecordId')}</RecordId><Version>1</Version><Set><Voter><Status>Cancelled</Status></Voter></Set></CorrectStatus>`,
      asked,
    )
    expect([cancelled.status, cancelled.of('Outcome'), cancelled.of('Version')]).toEqual([
      200,
      'updated',
      '2',
    ])
    expect((await call(`<Lookup><Key>${entered.of('Key')}</Key></Lookup>`, asked)).text).toContain(
      'Cancelled',
    )
  })

  test.each([
    ['nothing', '', 400, 'FILE_EMPTY'],
    [
      'a DOCTYPE',
      `<!DOCTYPE Call [<!ENTITY a "b">]><Call xmlns="${NAMESPACE}"><Messages/></Call>`,
      400,
      'FILE_ENTITY_REFUSED',
    ],
    [
      'a foreign entity',
      `<Call xmlns="${NAMESPACE}"><Lookup><Type>&file;</Type></Lookup></Call>`,
      400,
      'FILE_ENTITY_REFUSED',
    ],
    ['no XML', 'Lookup', 400, 'FILE_MALFORMED'],
    ['a call that breaks off', `<Call xmlns="${NAMESPACE}"><Messages/>`, 400, 'FILE_TRUNCATED'],
    ['elements nested without end', `<Call xmlns="${NAMESPACE}">${'<a>'.repeat(5000)}`, 400, 'FILE_TOO_DEEP'],
    [
      'a huge text',
      `<Call xmlns="${NAMESPACE}"><IdempotencyKey>${'x'.repeat(300_000)}</IdempotencyKey></Call>`,
      413,
      'RECORD_TOO_LARGE',
    ],
    ['a huge body', `<Call xmlns="${NAMESPACE}">${' '.repeat(5_000_000)}</Call>`, 413, 'RECORD_TOO_LARGE'],
    ['another namespace', '<Call xmlns="urn:other"><Messages/></Call>', 400, 'FILE_MALFORMED'],
    ['another document', `<Order xmlns="${NAMESPACE}"/>`, 400, 'FILE_MALFORMED'],
    [
      'two calls',
      `<X xmlns="${NAMESPACE}"><Call><Messages/></Call><Call><Messages/></Call></X>`,
      400,
      'BAD_REQUEST',
    ],
    ['a call for nothing', `<Call xmlns="${NAMESPACE}"/>`, 400, 'BAD_REQUEST'],
    ['a call for two things', `<Call xmlns="${NAMESPACE}"><Messages/><Lookup/></Call>`, 400, 'BAD_REQUEST'],
    ['the same thing twice', `<Call xmlns="${NAMESPACE}"><Messages/><Messages/></Call>`, 400, 'BAD_REQUEST'],
    ['a strange call', `<Call xmlns="${NAMESPACE}"><Destroy/></Call>`, 400, 'BAD_REQUEST'],
    [
      'a strange member',
      `<Call xmlns="${NAMESPACE}"><Messages><Whose/></Messages></Call>`,
      400,
      'BAD_REQUEST',
    ],
    ['__proto__', `<Call xmlns="${NAMESPACE}"><__proto__><a/></__proto__></Call>`, 400, 'BAD_REQUEST'],
    [
      'a strange realm',
      `<Call xmlns="${NAMESPACE}"><Realm>mine</Realm><Messages/></Call>`,
      400,
      'BAD_REQUEST',
    ],
    [
      'a strange type',
      `<Call xmlns="${NAMESPACE}"><Lookup><Type>constructor</Type><Key>1</Key></Lookup></Call>`,
      400,
      'BAD_REQUEST',
    ],
    ['no type', `<Call xmlns="${NAMESPACE}"><Lookup><Key>1</Key></Lookup></Call>`, 400, 'BAD_REQUEST'],
    [
      'a field that cannot be searched',
      `<Call xmlns="${NAMESPACE}"><Lookup><Type>member</Type><Where><Field name="fee">1</Field></Where></Lookup></Call>`,
      400,
      'BAD_REQUEST',
    ],
    [
      'two ways to look',
      `<Call xmlns="${NAMESPACE}"><Lookup><Type>member</Type><Key>1</Key><RecordId>1</RecordId></Lookup></Call>`,
      400,
      'BAD_REQUEST',
    ],
    [
      'two records',
      `<Call xmlns="${NAMESPACE}"><Enter><Member/><Member/></Enter></Call>`,
      400,
      'BAD_REQUEST',
    ],
    ['a strange record', `<Call xmlns="${NAMESPACE}"><Enter><Person/></Enter></Call>`, 400, 'BAD_REQUEST'],
    [
      'a version that is none',
      `<Call xmlns="${NAMESPACE}"><Update><Version>-1</Version><Member/></Update></Call>`,
      400,
      'BAD_REQUEST',
    ],
    [
      'a limit beyond all',
      `<Call xmlns="${NAMESPACE}"><Messages><Limit>101</Limit></Messages></Call>`,
      400,
      'BAD_REQUEST',
    ],
    [
      'a status that is none',
      `<Call xmlns="${NAMESPACE}"><CorrectStatus><Type>member</Type><Key>A-1</Key><Set><Member><Fee>1</Fee></Member></Set></CorrectStatus></Call>`,
      400,
      'BAD_REQUEST',
    ],
    [
      'a record that is not there',
      `<Call xmlns="${NAMESPACE}"><CorrectStatus><Type>member</Type><Key>none</Key><Close/></CorrectStatus></Call>`,
      404,
      'NOT_FOUND',
    ],
    [
      'an id that is none',
      `<Call xmlns="${NAMESPACE}"><Update><RecordId>x</RecordId><Member/></Update></Call>`,
      404,
      'NOT_FOUND',
    ],
    [
      'a page that is none',
      `<Call xmlns="${NAMESPACE}"><Lookup><Type>member</Type><Key>1</Key><After>x</After></Lookup></Call>`,
      400,
      'BAD_REQUEST',
    ],
  ])('%s is answered with a fault in XML', async (_, body, status, code) => {
    const fault = await post(body)
    expect([fault.status, fault.of('Code')]).toEqual([status, code])
    expect(fault.text).toMatch(/<Fault /)
  })

  test('who may not, who is not signed in, and what is no XML get faults too', async () => {
    const body = `<Call xmlns="${NAMESPACE}"><Messages/></Call>`
    const place = new URL('/v1/exchanges/roll/interactive', clubs.node.url)
    const nobody = await fetch(place, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/xml' },
    })
    expect(nobody.status).toBe(401)
    expect(await schemaErrors(rollSchema, await nobody.text())).toBe('')
    const json = await post('{}', { type: 'application/json' })
    expect([json.status, json.of('Code')]).toEqual([415, 'UNSUPPORTED_MEDIA'])
    const unknown = await alder.client.request('POST', '/v1/exchanges/nothing/interactive', {
      body,
      headers: { 'content-type': 'application/xml' },
    })
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toMatch(/<Fault xmlns="urn:tributary:interactive:nothing"><Code>NOT_FOUND/)
  })
})
