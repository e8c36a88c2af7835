/** Codes whose reason speaks of the file, its name, its keys or its checksum, and never of what is in it. */
const TOLD = new Set([
  'FILE_NAME_WRONG',
  'FILE_RECORDS_MANY',
  'FILE_BATCH_INCOMPLETE',
  'FILE_CHECKSUM_WRONG',
  'FILE_CHECKSUM_MISSING',
  'FILE_INCOMPLETE',
  'FILE_PGP_KEY_WRONG',
  'FILE_PGP_SIGNATURE_BAD',
  'FILE_PGP_UNSIGNED',
  'FILE_PGP_UNENCRYPTED',
  'FILE_PGP_BROKEN',
  'FILE_EMPTY',
  'FILE_TOO_LARGE',
  'FILE_TYPE_UNKNOWN',
])

/** What is said instead where the reason could quote the file. */
const WORDS: Readonly<Record<string, string>> = {
  FILE_NAME_DISAGREES: 'What the name says and what the file says differ.',
  FILE_RECORDS_UNKNOWN: 'Nothing tells of which type the records of the file are.',
  FILE_TRUNCATED: 'The file ends too early.',
  FILE_MALFORMED: 'The file cannot be read as the format it is in.',
  FILE_ENCODING: 'The file is not in UTF-8.',
  FILE_TOO_DEEP: 'The file is nested too deeply.',
  FILE_ARCHIVE_REFUSED: 'The archive is damaged, or holds what is not unpacked.',
  FILE_ENTITY_REFUSED: 'The file declares entities, which are not read.',
  FILE_HEADER_UNREADABLE: 'The header of the file cannot be read.',
  FILE_DECODER_DIED: 'The file could not be read to its end.',
}

/**
 * Why a file was refused, in words that may leave the node by mail: never what could quote a record.
 * @returns '' when the code has to do
 */
export function refusalWords(code: string, reason: string): string {
  return TOLD.has(code) ? reason : (WORDS[code] ?? '')
}
