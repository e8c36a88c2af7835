import { csvRow } from '../encode/csv.ts'
import type { RawTree } from '../exchange/parcel.ts'

/** Single values of an invented voter, by their columns in `exchanges/voter`. */
export const VOTER_VALUES = [
  'CountyCode',
  'EmsVoterId',
  'RegistrantID',
  'Origin',
  'LastName',
  'FirstName',
  'MiddleName',
  'Suffix',
  'DOB',
  'PlaceOfBirth',
  'Gender',
  'AddressNumber',
  'StreetDirPrefix',
  'StreetName',
  'StreetType',
  'UnitType',
  'UnitNumber',
  'City',
  'State',
  'Zip',
  'MailingAddressLine1',
  'MailingCity',
  'MailingState',
  'MailingZip5',
  'Email',
  'Language',
  'PartyCode',
  'VbmVoterType',
  'AssistanceRequestFlag',
  'Status',
  'StatusDate',
  'VoterStatusReasonCode',
  'RegistrationDate',
  'RegistrationMethodCode',
  'CitizenFlag',
  'DriversLicense',
  'Ssn4',
  'IdVerification',
  'PrecinctId',
] as const

export interface DemoStatus {
  readonly status: string
  readonly date: string
  readonly reason: string
}

/** An invented voter in neutral form. Every value as on the wire; an empty text is none. */
export interface DemoVoter {
  /** Place among the voters of the county, from 1. */
  readonly number: number
  /** What was planted to be found, or null: the voter is meant to be clean. */
  fault: string | null
  readonly values: Record<(typeof VOTER_VALUES)[number], string>
  phones: string[]
  history: DemoStatus[]
}

/** Header of a CSV file of voters. */
export const VOTER_HEADER: readonly string[] = [...VOTER_VALUES, 'Phones', 'StatusHistory']

/** Cells of a voter's row under that header. */
export function voterRow({ values, phones, history }: DemoVoter): string[] {
  const past = history.map(({ status, date, reason }) => `${status}/${date}/${reason}`)
  return [...VOTER_VALUES.map((name) => values[name]), phones.join(';'), past.join(';')]
}

/** A voter as an object of JSON or XML. */
export function voterTree({ values, phones, history }: DemoVoter): RawTree {
  const tree: Record<string, RawTree[string]> = {}
  for (const name of VOTER_VALUES) if (values[name] !== '') tree[name] = values[name]
  if (phones.length > 0) tree.Phones = { Phone: phones }
  if (history.length > 0)
    tree.StatusHistory = {
      Change: history.map(({ status, date, reason }) => ({
        Status: status,
        EffectiveDate: date,
        ReasonCode: reason,
      })),
    }
  return tree
}

/** A file of voters, piece by piece: CSV with a header row, or one JSON object a line. */
export function* voterFile(voters: Iterable<DemoVoter>, format: 'csv' | 'ndjson'): Generator<string> {
  let piece = format === 'csv' ? csvRow(VOTER_HEADER, ',') : ''
  for (const voter of voters) {
    piece += format === 'csv' ? csvRow(voterRow(voter), ',') : `${JSON.stringify(voterTree(voter))}\n`
    if (piece.length < pieceChars) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** Larger pieces are not written faster. */
const pieceChars = 64 * 1024
