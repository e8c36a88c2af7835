import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

const header =
  'MemberNo|FamilyName|GivenName|Born|State|Joined|Ended|Street|City|PostCode|Telephone|Languages|Dependants|MonthlyFee|Newsletter|Remark'

const families = [
  'Abara',
  'Brook',
  'Castell',
  'Dunmore',
  'Eszter',
  'Farrow',
  'Glass',
  'Hollin',
  'Iverach',
  'Juniper',
]
const givens = ['Ada', 'Bram', 'Cleo', 'Dov', 'Edda', 'Finn', 'Greta', 'Hugo', 'Ines', 'Jude', 'Kai', 'Lena']
const streets = ['Willow Bend', 'Quarry Road', 'Mill Lane', 'Harbour View', 'Station Street', 'Orchard Way']
const cities = ['Riverbend', 'Oakton', 'Amber Valley', 'Northmere', 'Saltmarsh']
const languages = ['en', 'en;es', 'es', 'zh;en', 'vi', 'tl;en', 'ko', 'hy;en']

/**
 * Writes a file of invented members, always the same.
 * @param changedOneIn every so many members have another remark than in the plain file; 0: none
 */
export async function writeMembers(path: string, count: number, changedOneIn: number): Promise<void> {
  function* pieces(): Generator<string> {
    let text = `${header}\n`
    for (let number = 1; number <= count; number += 1) {
      text += memberRow(number, changedOneIn > 0 && number % changedOneIn === 0)
      if (text.length > 65_536) {
        yield text
        text = ''
      }
    }
    yield text
  }
  await pipeline(pieces, createWriteStream(path))
}

function memberRow(number: number, changed: boolean): string {
  // Multiplied by a large odd number, so that neighbours differ in every field.
  const mixed = Math.imul(number, 0x9e3779b1) >>> 0
  const of = <T>(list: readonly T[], shift: number): T => list[(mixed >>> shift) % list.length] as T
  const day = (from: number, span: number, shift: number) =>
    `${from + ((mixed >>> shift) % span)}-${two(1 + ((mixed >>> 7) % 12))}-${two(1 + ((mixed >>> 11) % 28))}`
  const state = of(['A', 'A', 'A', 'A', 'S', 'E'], 3)
  const cells = [
    String(number).padStart(9, '0'),
    of(families, 5),
    of(givens, 9),
    day(1940, 60, 13),
    state,
    day(2001, 15, 17),
    state === 'E' ? day(2017, 8, 19) : '',
    `${1 + (mixed % 900)} ${of(streets, 6)}`,
    of(cities, 8),
    String(90000 + (mixed % 6000)),
    `555-${three(mixed >>> 4)}-${three(mixed >>> 14)}${mixed % 10}`,
    of(languages, 10),
    String(mixed % 5),
    `${20 + (mixed % 80)}.${two(mixed % 100)}`,
    mixed % 2 === 0 ? 'Y' : 'N',
    changed ? 'Asked to be called back.' : 'Nothing to note about this membership.',
  ]
  return `${cells.join('|')}\n`
}

const two = (value: number) => String(value).padStart(2, '0')
const three = (value: number) => String(value % 1000).padStart(3, '0')
