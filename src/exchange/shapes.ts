/** What the table of the language is written in: shapes of values, forms of texts, specs of keys. */

/** What a text must look like; `forms` says it in words and as a pattern. */
export type FormName = keyof typeof FORMS

export type Shape =
  | { readonly is: 'text'; readonly form: FormName }
  | { readonly is: 'integer' | 'number'; readonly min: number; readonly max: number }
  | { readonly is: 'boolean' }
  /** `null`, `~` or nothing. */
  | { readonly is: 'nothing' }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  | { readonly is: 'list'; readonly of: Shape; readonly min: number; readonly max: number }
  /** Keys that the author chooses, or chooses among `keys`. */
  | {
      readonly is: 'map'
      readonly key: FormName
      readonly keys: readonly string[] | null
      readonly of: Shape
    }
  | { readonly is: 'section'; readonly of: SectionName }
  | { readonly is: 'either'; readonly of: readonly Shape[] }

/** A default; sections and maps have none. */
export type Plain = string | number | boolean | null | readonly Plain[]

export interface KeySpec {
  readonly shape: Shape
  readonly about: string
  /** YAML, as it may be written. */
  readonly example: string
  readonly required?: true
  /** Taken where the key is absent; without one there is nothing then. */
  readonly fallback?: Plain
  /** The default in words, where it depends on other keys. */
  readonly fallbackIs?: string
  /** Version of Tributary that first took the key. */
  readonly since?: string
}

export interface SectionSpec {
  readonly title: string
  readonly about: string
  readonly keys: Readonly<Record<string, KeySpec>>
}

/** Every key is as old as the first release unless it says otherwise. */
export const FIRST_RELEASE = '0.1'

export const FORMS = {
  text: { pattern: /^[\s\S]{0,4000}$/, about: 'a text' },
  line: { pattern: /^\P{Cc}{0,400}$/u, about: 'a text on one line' },
  sheet: {
    pattern: /^(?!')[^\p{Cc}[\]:*?/\\]{1,31}(?<!')$/u,
    about: 'a sheet name: 1 to 31 characters, none of [ ] : * ? / \\',
  },
  exchange: { pattern: /^[a-z][a-z0-9-]{0,9}$/, about: 'small letters, digits and hyphens, 10 at most' },
  name: { pattern: /^[a-z][a-z0-9_]{0,39}$/, about: 'small letters, digits and underscores, 40 at most' },
  version: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/,
    about: 'letters, digits, dots and hyphens, 20 at most',
  },
  finding_code: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/,
    about: 'a finding code: letters, digits, dots, underscores and hyphens',
  },
  code: { pattern: /^(?! )\P{Cc}{1,200}(?<! )$/u, about: 'a code: 1 to 200 characters on one line' },
  partner: {
    pattern: /^(\*|[A-Za-z0-9][A-Za-z0-9._-]{0,99})$/,
    about: 'the name of a partner, or * for all',
  },
  date: { pattern: /^\d{4}-\d\d-\d\d$/, about: 'a date, YYYY-MM-DD' },
  zone: { pattern: /^[A-Za-z0-9_+/-]{1,60}$/, about: 'a time zone such as America/Los_Angeles' },
  path: {
    pattern: /^[A-Za-z_][\w-]{0,79}(\.[A-Za-z_][\w-]{0,79}){0,7}$/,
    about: 'names of JSON members or XML elements, joined by dots',
  },
  element: { pattern: /^[A-Za-z_][\w-]{0,79}$/, about: 'the name of a JSON member or an XML element' },
  column: { pattern: /^(?! )\P{Cc}{1,80}(?<! )$/u, about: 'a column header: 1 to 80 characters' },
  field_path: {
    pattern: /^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){0,5}$/,
    about: 'names of fields, joined by dots',
  },
  code_file: {
    pattern: /^codes\/[A-Za-z0-9][\w.-]{0,79}\.csv$/,
    about: 'a CSV file in the folder codes, such as codes/city.csv',
  },
  folder: {
    pattern: /^(?!\.)[A-Za-z0-9._-]{1,60}(\/(?!\.)[A-Za-z0-9._-]{1,60}){0,4}$/,
    about: 'names of folders (letters, digits, dots, underscores, hyphens), joined by /',
  },
  empty: { pattern: /^$/, about: 'the empty text' },
  file_pattern: {
    pattern: /^(\{[a-z][a-z0-9_]{0,39}\}|[A-Za-z0-9._ -]){1,200}$/,
    about: 'letters, digits, dots, underscores, hyphens, and {field}, {time} or {any}',
  },
  source: {
    pattern: /^(?! )\P{Cc}{1,200}(?<! )$/u,
    about: 'a column header, or the path of a JSON member or XML element such as Phone[Type=home].Number',
  },
  transform_text: { pattern: /^\P{Cc}{0,200}$/u, about: 'a text on one line' },
  member: {
    pattern: /^[A-Za-z0-9._ *-]{1,100}$/,
    about: 'letters, digits, dots, underscores, hyphens, and * for any text',
  },
  header: { pattern: /^[A-Za-z0-9-]{1,60}$/, about: 'the name of an HTTP header' },
  mark: { pattern: /^[^\p{Cc}"\s]$/u, about: 'one character' },
  expression: { pattern: /^[\s\S]{1,4000}$/, about: 'a CEL expression that is true or false' },
  value_expression: { pattern: /^[\s\S]{1,4000}$/, about: 'a CEL expression that gives a value' },
  pattern: { pattern: /^[^\n\r]{1,1000}$/, about: 'a pattern in RE2 syntax, for the whole value' },
} as const satisfies Record<string, { readonly pattern: RegExp; readonly about: string }>

/** The parts of a definition. */
export type SectionName =
  | 'exchange'
  | 'version'
  | 'list'
  | 'code'
  | 'columns'
  | 'crosswalk'
  | 'formats'
  | 'json'
  | 'xml'
  | 'csv'
  | 'sheet'
  | 'refresh'
  | 'batch'
  | 'realtime'
  | 'files'
  | 'file_name'
  | 'file_calls'
  | 'profile'
  | 'header'
  | 'type'
  | 'type_formats'
  | 'identity'
  | 'fatal_text'
  | 'duplicate'
  | 'owner'
  | 'stable_id'
  | 'operation'
  | 'close'
  | 'lifecycle'
  | 'operation_rule'
  | 'field'
  | 'booleans'
  | 'rule'
  | 'filter'
  | 'reference'
  | 'sync'
  | 'work_item'
  | 'reconcile'
  | 'reconcile_category'
  | 'tolerance'
  | 'transform'
  | 'layout'
  | 'source'
  | 'rule_set'
  | 'rule_crosswalk'
  | 'rule_type'
  | 'rule_field'

/** Names that mean something to every JavaScript object; no map of ours may hold them. */
export const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype']

export function text(form: FormName = 'line'): Shape {
  return { is: 'text', form }
}

export const BOOLEAN: Shape = { is: 'boolean' }
export const NOTHING: Shape = { is: 'nothing' }

export function integer(min: number, max: number): Shape {
  return { is: 'integer', min, max }
}

export function number(min: number, max: number): Shape {
  return { is: 'number', min, max }
}

export function choice(...of: readonly string[]): Shape {
  return { is: 'choice', of }
}

export function list(of: Shape, min = 1, max = 100): Shape {
  return { is: 'list', of, min, max }
}

export function map(key: FormName, of: Shape): Shape {
  return { is: 'map', key, keys: null, of }
}

/** A map whose keys are among these. */
export function mapOf(keys: readonly string[], of: Shape): Shape {
  return { is: 'map', key: 'name', keys, of }
}

export function section(of: SectionName): Shape {
  return { is: 'section', of }
}

/** The first that fits. */
export function either(...of: readonly Shape[]): Shape {
  return { is: 'either', of }
}
