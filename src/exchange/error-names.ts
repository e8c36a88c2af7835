/** Says which record a corrected one replaces: `<tracking>:<position>` of the submission that the error file is of. */
export const CORRECTS_NAME = 'Tributary_Corrects'

/** Names the file that a record of a consolidated error file came in. */
export const SOURCE_FILE_NAME = 'Tributary_File'

/**
 * What an error file adds to the sender's own rows and elements. A corrected error file may be sent again as
 * it is: the marker is then read, the other names are passed over, and none is reported as unknown.
 */
export const ERROR_COLUMNS = [
  CORRECTS_NAME,
  SOURCE_FILE_NAME,
  'Tributary_Position',
  'Error_Code',
  'Error_Field',
  'Error_Message',
] as const

/** Member (JSON) or child element (XML) that holds a record's errors in an error file. */
export const ERRORS_MEMBER = 'Errors'

const marker = /^([a-z0-9-]{1,60}):([1-9][0-9]{0,14})$/

/** The marker of a record: of which submission, at which place. */
export function correctsText(tracking: string, position: number): string {
  return `${tracking}:${position}`
}

/** Reads a marker; null for a text that is none. */
export function readCorrects(text: string): { readonly tracking: string; readonly position: number } | null {
  const match = marker.exec(text)
  return match === null ? null : { tracking: match[1] as string, position: Number(match[2]) }
}
