/** The words of the language that a key takes one of. */

export const FIELD_TYPES = [
  'text',
  'integer',
  'decimal',
  'date',
  'time',
  'datetime',
  'boolean',
  'code',
  'group',
  'document',
] as const

export const SEVERITIES = ['fatal', 'error', 'warning', 'info'] as const

export const CHECKS = [
  'required',
  'type',
  'length',
  'pattern',
  'range',
  'code',
  'count',
  'repeated',
  'alone',
  'not_applicable',
  'locked',
  'file',
] as const

/** Operations that a definition can offer. */
export const OPERATIONS = ['create', 'replace', 'merge', 'upsert', 'delete', 'close', 'rename'] as const

export const STATUSES = ['submitted', 'submitted-with-errors', 'closed', 'deleted'] as const

export const TRANSFORMS = ['trim', 'upper', 'lower', 'collapse_spaces', 'pad_time', 'digits'] as const

/** Kinds of documents that are told by what is in them. */
export const DOCUMENT_TYPES = ['gif', 'tiff', 'jpeg', 'pdf'] as const

/** A record with its documents is held in memory. */
export const DOCUMENT_BYTES_MAX = 16 * 2 ** 20

/** How a partner's file and the centre may differ, in the order in which it is put right. */
export const DIFFERENCE_KINDS = ['only-partner', 'only-centre', 'different', 'repeated'] as const

/** Items a list may have where its field does not say. */
export const ITEMS_MAX = 1000
