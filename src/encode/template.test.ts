import { expect, test } from 'vitest'
import { visitDefinition, visitType } from '../../test/fixtures/visit-definition.ts'
import { DEFAULT_LIMITS } from '../decode/limits.ts'
import { decodeSheet } from '../decode/sheet.ts'
import { exampleRecord } from './example.ts'
import { type TemplateFormat, writeTemplate } from './template.ts'

async function text(format: TemplateFormat): Promise<string> {
  return new TextDecoder().decode(await writeTemplate(visitDefinition, [visitType], format))
}

test('the example has what is required and what has an example, in the newest version, where it applies', () => {
  expect(exampleRecord(visitDefinition, visitType)).toEqual({
    id: 'A-1',
    day: '2024-02-14',
    place: { kind: '1', longitude: '-118.25' },
    persons: [{ pid: 1, races: ['1'], results: [{ result: '1' }] }],
  })
})

test('a template in CSV has every column and one record', async () => {
  expect(await text('csv')).toBe(
    'TX_Type|Is_NFIA|DOJRecordID|ID|DAY|OLD|KIND|STREET|LONGITUDE|PID|RACES|STUDENT|RESULT\r\n' +
      'I|||A-1|02/14/2024||1||-118.25|1|1||1\r\n',
  )
})

test('a template in JSON has the wrapper and the members of the newest version', async () => {
  const { visits } = JSON.parse(await text('json'))
  expect(visits).toEqual([
    {
      TX_Type: 'I',
      ID: 'A-1',
      DAY: '02/14/2024',
      Place: { KIND: '1', Where: { STREET: '' }, LONGITUDE: '-118.25' },
      ListPerson: {
        Person: [
          {
            PID: '1',
            Perc: { ListRace: { RACE: ['1'] }, STUDENT: '' },
            ListResult: { Result: [{ RESULT: '1', OFF: [] }] },
          },
        ],
      },
    },
  ])
})

test('a template in XML has a line for each element', async () => {
  expect(await text('xml')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Visits>
  <Visit>
    <TX_Type>I</TX_Type>
    <ID>A-1</ID>
    <DAY>02/14/2024</DAY>
    <Place>
      <KIND>1</KIND>
      <Where>
        <STREET/>
      </Where>
      <LONGITUDE>-118.25</LONGITUDE>
    </Place>
    <ListPerson>
      <Person>
        <PID>1</PID>
        <Perc>
          <ListRace>
            <RACE>1</RACE>
          </ListRace>
          <STUDENT/>
        </Perc>
        <ListResult>
          <Result>
            <RESULT>1</RESULT>
          </Result>
        </ListResult>
      </Person>
    </ListPerson>
  </Visit>
</Visits>
`)
})

test('a template workbook explains each column in its second sheet, and is read from its first', async () => {
  const bytes = await writeTemplate(visitDefinition, [visitType], 'xlsx')
  const read = async (name: string) => {
    const cells: (readonly string[])[] = []
    for await (const batch of decodeSheet(bytes, 'xlsx', { name }, DEFAULT_LIMITS))
      cells.push(...batch.map((row) => row.cells))
    return cells
  }
  const [header, record] = await read('no such sheet')
  expect(header?.slice(0, 5)).toEqual(['TX_Type', 'Is_NFIA', 'DOJRecordID', 'ID', 'DAY'])
  expect(record?.slice(0, 5)).toEqual(['I', '', '', 'A-1', '02/14/2024'])
  const guide = await read('Columns')
  expect(guide[0]).toEqual([
    'Column',
    'Label',
    'Required',
    'Form',
    'Codes',
    'Example',
    'Versions',
    'Description',
  ])
  const about = (column: string) => guide.find(([name]) => name === column)
  expect(about('TX_Type')).toEqual([
    'TX_Type',
    'What is to be done',
    'yes',
    'code',
    'I = create\nU = replace',
  ])
  expect(about('DAY')).toEqual(['DAY', 'The day', 'yes', 'MM/DD/YYYY', '', '02/14/2024', 'all'])
  expect(about('STREET')?.[2]).toBe('sometimes')
  expect(about('OLD')?.[6]).toBe('v1')
  expect(about('RACES')?.slice(3, 5)).toEqual([
    'code; 0 to 9, parted by ;',
    '0 = Gone (until 2023-12-31)\n1 = Home\n2 = Street',
  ])
  expect(about('RESULT')?.[3]).toBe('The result , The offences (any number); 0 to 9, parted by ;')
})
