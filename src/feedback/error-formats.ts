/** Formats of error files. A legacy workbook is answered with an XLSX workbook. */
export const ERROR_FORMATS = ['csv', 'xlsx', 'xml', 'json'] as const
export type ErrorFormat = (typeof ERROR_FORMATS)[number]

/** Columns of all the tables in a consolidated error file; those beyond hold nothing that is stored. */
export const columnsMax = 5_000

export function errorFormatOf(format: string): ErrorFormat {
  return format === 'xls' ? 'xlsx' : (format as ErrorFormat)
}
