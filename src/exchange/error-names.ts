/**
 * What an error file adds to the sender's own rows and elements. A corrected error file may be sent again as
 * it is: these names are then passed over, never reported as unknown.
 */
export const ERROR_COLUMNS = ['Tributary_Position', 'Error_Code', 'Error_Field', 'Error_Message'] as const

/** Member (JSON) or child element (XML) that holds a record's errors in an error file. */
export const ERRORS_MEMBER = 'Errors'
