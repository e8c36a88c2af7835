import type { Definition, StatusName } from '../exchange/definition.ts'
import type { Finding, RawTree } from '../exchange/parcel.ts'

/** The words of a summary: column titles, element names, status values. */
export interface SummaryWords {
  /** Titles of the columns for the owner's identifier, the record's key and the centre's id. */
  readonly identifier: string
  /** Title of the column for the record's type, where the exchange has several. */
  readonly type: string
  readonly key: string
  readonly recordId: string
  /** Elements of the XML: the document, a record, and its members. */
  readonly root: string
  readonly record: string
  readonly names: {
    readonly file: string
    readonly type: string
    readonly key: string
    readonly recordId: string
    readonly status: string
  }
  /** Status of what was not stored. */
  readonly refused: string
  readonly status: (outcome: string, status: string | null) => string
  readonly message: (finding: Finding) => RawTree
}

/** Those of the SDCS for an exchange that speaks its profile, and plain ones for every other. */
export function summaryWords(definition: Definition): SummaryWords {
  return definition.profiles.sdcs === undefined ? plainWords : sdcsWords
}

const plainWords: SummaryWords = {
  identifier: 'Identifier',
  type: 'Record type',
  key: 'Record key',
  recordId: 'Record id',
  root: 'Summary',
  record: 'Record',
  names: { file: 'FileName', type: 'Type', key: 'Key', recordId: 'RecordId', status: 'Status' },
  refused: 'not-stored',
  status: (outcome, status) => (outcome === 'filtered' || status === null ? outcome : status),
  message: ({ code, severity, field, item, message }) => ({
    Code: code,
    Field: field,
    ...(item === null ? {} : { Item: String(item) }),
    Severity: severity,
    Text: message,
  }),
}

/**
 * Record status numbers. 5 and 7 are the Department of Justice's, as its report of 2026 has them; it is not
 * publicly known what others it uses, so the rest are ours, far from them.
 */
const recordStatus: Readonly<Record<StatusName, string>> = {
  submitted: '5',
  closed: '7',
  'submitted-with-errors': '90',
  deleted: '93',
}
const notStored = '91'
const filteredOut = '92'

/** Severities as the report of 2026 spells them: what is neither of the two known ones is an error. */
const severities = {
  fatal: 'FATAL',
  error: 'ERROR',
  warning: 'INFORMATIONAL',
  info: 'INFORMATIONAL',
} as const

const sdcsWords: SummaryWords = {
  identifier: 'Agency ORI',
  type: 'Record type',
  key: 'LEA record ID',
  recordId: 'DOJ record ID',
  root: 'Stops',
  record: 'Stop',
  names: { file: 'FileName', type: 'Type', key: 'LeaRecId', recordId: 'DojRecId', status: 'RecStat' },
  refused: notStored,
  status: (outcome, status) =>
    outcome === 'filtered' ? filteredOut : (recordStatus[status as StatusName] ?? notStored),
  message: ({ code, severity, field, item, message }) => ({
    MessageCd: code,
    WsName: field,
    MsgSeverity: severities[severity],
    MsgText: item === null ? message : `${message} (no. ${item})`,
  }),
}
