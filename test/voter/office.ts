import { sql } from '../../src/db/sql.ts'
import type { RawTree } from '../../src/exchange/parcel.ts'
import type { Receipt } from '../../src/run/receive.ts'
import type { StoredLine } from '../../src/store/log-lines.ts'
import type { Submission } from '../../src/store/model.ts'
import type { testDatabases } from '../database.ts'
import { expectBalance } from '../flow/balance.ts'
import { judgeHere, openRiver, type River } from '../flow/river.ts'
import { EXCHANGES, type ExchangeName, load } from './judging.ts'

/** A live record as it stands. */
export interface Standing {
  readonly version: number
  readonly status: string
  readonly codes: readonly string[]
  readonly body: Readonly<Record<string, unknown>>
}

/** The Secretary of State's office with the voter exchanges, and counties that send to it. */
export interface Office {
  readonly river: River
  /** A county that sent nothing yet; returns its code, which is also the name of its partner. */
  county(): Promise<string>
  /** Sends a file of a county, or (county `office`) of the office itself, and holds its books against each other. */
  send(
    exchange: ExchangeName,
    county: string,
    content: readonly RawTree[] | RawTree | string | Uint8Array,
    change?: Partial<Receipt>,
  ): Promise<Submission>
  /** The same as a full refresh. */
  refresh(
    exchange: ExchangeName,
    county: string,
    content: readonly RawTree[] | RawTree | string,
  ): Promise<Submission>
  /** Outcome and codes of each record of a submission. */
  outcomes(submission: Submission): Promise<string[][]>
  /** Codes of what is told of the file as a whole, such as records that it leaves out and that stay. */
  fileCodes(submission: Submission): Promise<readonly string[]>
  /** Live records of an owner in an exchange, by key without the county. */
  standing(exchange: ExchangeName, owner: string): Promise<Readonly<Record<string, Standing>>>
  close(): Promise<void>
}

/** Opens the office on a database, with two elections. */
export async function openOffice({ open }: ReturnType<typeof testDatabases>[number]): Promise<Office> {
  const definitions = await Promise.all(EXCHANGES.map(load))
  // Chunks of three: everything below crosses chunks.
  const river = await openRiver({ ...(await open()), chunkRecordsMax: 3 }, definitions, judgeHere())
  await river.deps.db.transact((tx) =>
    tx.rows(sql`insert into partner (partner, name, centre) values ('office', 'Office', true)`),
  )
  let counties = 0
  const office: Office = {
    river,
    async county() {
      counties += 1
      const code = String(counties).padStart(2, '0')
      await river.deps.db.transact(async (tx) => {
        await tx.rows(sql`insert into partner (partner, name) values (${code}, ${code})`)
        await tx.rows(
          sql`insert into partner_identifier (scheme, value, partner) values ('county', ${code}, ${code})`,
        )
      })
      return code
    },
    async send(exchange, county, content, change) {
      const done = await river.send(contentOf(content), {
        exchange,
        partner: county,
        owner: county,
        byCentre: county === 'office',
        fileName: 'records',
        ...change,
      })
      if (done.state !== 'held') {
        const judging = await river.deps.db.transact((tx) =>
          river.deps.definitions.pinned(tx, done.definitionHash),
        )
        // An error file without a record is no batch.
        await expectBalance(river, { ...judging, batch: { required: [] } }, done)
      }
      return done
    },
    refresh: (exchange, county, content) => office.send(exchange, county, content, { scope: 'refresh' }),
    async outcomes({ tracking }) {
      const lines: StoredLine[] = await river.log(tracking)
      return lines
        .filter((line) => line.position > 0)
        .map(({ outcome, findings = [] }) => [outcome, ...findings.map((one) => one.code)])
    },
    async fileCodes({ tracking }) {
      const rows = await river.deps.db.transact((tx) =>
        tx.rows<{ code: string }>(
          sql`select code from finding where tracking = ${tracking} and position = 0 order by number`,
        ),
      )
      return rows.map(({ code }) => code)
    },
    async standing(exchange, owner) {
      const rows = await river.deps.db.transact((tx) =>
        tx.rows<Standing & { key: string }>(sql`
          select replace(regexp_replace(r.key, '^' || ${owner} || chr(31), ''), chr(31), '/') as key,
                 r.version, r.status, r.body,
                 array(select f.code from finding f where f.book = r.book and f.tracking = r.submission
                          and f.position = r.position order by f.number) as codes
            from record r join book b using (book)
           where b.owner = ${owner} and b.exchange = ${exchange} order by r.type, r.key`),
      )
      return Object.fromEntries(rows.map(({ key, ...standing }) => [key, standing]))
    },
    close: () => river.close(),
  }
  await office.send('election', 'office', [election('E1'), election('E2')])
  return office
}

function contentOf(content: readonly RawTree[] | RawTree | string | Uint8Array): string | Uint8Array {
  if (typeof content === 'string' || content instanceof Uint8Array) return content
  if (!isList(content)) return JSON.stringify(content)
  return content.map((record) => `${JSON.stringify(record)}\n`).join('')
}

function isList(content: readonly RawTree[] | RawTree): content is readonly RawTree[] {
  return Array.isArray(content)
}

export const election = (ElectionId: string, more: RawTree = {}): RawTree => ({
  ElectionId,
  ElectionDate: '2024-11-05',
  ElectionType: 'G',
  ElectionName: `Election ${ElectionId}`,
  ...more,
})

export const voter = (CountyCode: string, EmsVoterId: string, more: RawTree = {}): RawTree => ({
  CountyCode,
  EmsVoterId,
  Origin: 'REGISTER',
  LastName: 'Alderson',
  DOB: '1980-04-30',
  AddressNumber: '12',
  StreetName: 'Mill',
  Status: 'Active',
  StatusDate: '2020-02-03',
  VoterStatusReasonCode: 'A-NEW',
  RegistrationDate: '2020-02-03',
  PrecinctId: 'P1',
  ...more,
})

/** So many voters, `V1` and on. */
export const voters = (county: string, count: number, more: RawTree = {}): RawTree[] =>
  Array.from({ length: count }, (_, index) => voter(county, `V${index + 1}`, more))

/** A batch of these precincts, each in the districts that it names. */
export function precincts(CountyCode: string, map: Readonly<Record<string, readonly string[]>>): RawTree {
  const districts = [...new Set(Object.values(map).flat())]
  return {
    districts: districts.map((DistrictId) => ({
      CountyCode,
      DistrictId,
      DistrictType: 'SC',
      DistrictName: DistrictId,
    })),
    precincts: Object.keys(map).map((PrecinctId) => ({ CountyCode, PrecinctId, PrecinctName: PrecinctId })),
    precinct_districts: Object.entries(map).flatMap(([PrecinctId, own]) =>
      own.map((DistrictId) => ({ CountyCode, PrecinctId, DistrictId })),
    ),
  }
}

/** Eight precincts of one district, `P1` to `P8`: enough that a refresh may delete some. */
export const EIGHT: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Array.from({ length: 8 }, (_, index) => [`P${index + 1}`, ['D1']]),
)

/** The last of them is gone. */
export const SEVEN: typeof EIGHT = Object.fromEntries(Object.entries(EIGHT).slice(0, 7))
