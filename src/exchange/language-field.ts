import { TRANSFORM_LIST } from './language-rules.ts'
import {
  BOOLEAN,
  choice,
  either,
  integer,
  list,
  mapOf,
  NOTHING,
  number,
  type SectionSpec,
  section,
  text,
} from './shapes.ts'
import { CHECKS, DOCUMENT_BYTES_MAX, DOCUMENT_TYPES, FIELD_TYPES, ITEMS_MAX, SEVERITIES } from './words.ts'

const BOUND = either(NOTHING, number(-1e15, 1e15), choice('today'), text('date'))

/** What a field and a rule may hold. */
export const FIELD_SECTIONS = {
  field: {
    title: 'A field',
    about:
      'A single value, a list of values (`many`), a group of fields with fields of its own, or a document: an image or PDF, sent as base64 text or as a file of the same ZIP that the value names. Rules read its `sha256`, `type` and `size`.',
    keys: {
      no: {
        shape: integer(1, 9999),
        required: true,
        about:
          'Permanent number, unique in its record type at all levels. Never use one again for another field.',
        example: '12',
      },
      name: {
        shape: text('name'),
        required: true,
        about: 'Name in rules, queries and results.',
        example: 'officer_uid',
      },
      label: {
        shape: text(),
        fallbackIs: 'the name in words',
        about: 'What people call it.',
        example: "Officer's unique id",
      },
      description: {
        shape: text('text'),
        fallback: '',
        about: 'What to enter.',
        example: 'Nine letters and digits made by the agency.',
      },
      example: { shape: text(), fallback: '', about: 'A valid value, as sent.', example: "'100000042'" },
      type: { shape: choice(...FIELD_TYPES), required: true, about: 'What it holds.', example: 'code' },
      list: {
        shape: text('name'),
        fallback: null,
        about: '`code` only, required there: the code list.',
        example: 'race',
      },
      types: {
        shape: list(choice(...DOCUMENT_TYPES), 1, DOCUMENT_TYPES.length),
        fallback: [...DOCUMENT_TYPES],
        about: '`document` only: the kinds it may be of, told by what is in it, never by its name.',
        example: '[gif, tiff, jpeg]',
      },
      bytes_max: {
        shape: integer(1, DOCUMENT_BYTES_MAX),
        fallback: 2 ** 20,
        about: '`document` only: its most bytes. A record may be larger than others by as much.',
        example: '2000000',
      },
      many: {
        shape: either(choice('true', 'false'), list(integer(0, 10_000), 2, 2)),
        fallbackIs: 'a single value',
        about: `A list: the fewest and most items, or \`true\` for 0 to ${ITEMS_MAX}.`,
        example: '[1, 7]',
      },
      item_key: {
        shape: text('name'),
        fallback: null,
        about: 'List of groups only: the field by which an item is recognised; without it, by its position.',
        example: 'pid',
      },
      distinct: {
        shape: BOOLEAN,
        fallback: false,
        about: 'Lists only: no value may stand twice.',
        example: 'true',
      },
      alone: {
        shape: list(text('code'), 1, 50),
        fallback: [],
        about: 'Lists of values only: values that may not stand beside others, such as "None".',
        example: "['8']",
      },
      required: {
        shape: BOOLEAN,
        fallback: false,
        about: 'The value must be there (where the field applies).',
        example: 'true',
      },
      when: {
        shape: text('expression'),
        fallback: null,
        about: 'The field applies only when this holds. `it` is the group the field stands in.',
        example: '"it.reason == \'1\'"',
      },
      otherwise: {
        shape: choice('reject', 'allow'),
        fallback: 'reject',
        about: 'With `when`: what a value is where the field does not apply, a finding or let through.',
        example: 'allow',
      },
      severity: {
        shape: choice(...SEVERITIES),
        fallback: 'error',
        about:
          "Severity of the field's findings. `fatal`: the record is not stored. `error`: stored with errors. `warning`, `info`: stored clean.",
        example: 'fatal',
      },
      codes: {
        shape: either(text('finding_code'), mapOf(CHECKS, text('finding_code'))),
        fallbackIs: '`F`, the number and a letter for the check, such as `F012R`',
        about: 'Finding codes of the checks, or one for all of them.',
        example: '{ required: DV039 }',
      },
      messages: {
        shape: mapOf(CHECKS, text()),
        fallbackIs: 'sentences of ours',
        about: 'Sentences for the checks; `{value}` is what was sent.',
        example: '{ code: Gender must be 1 to 4. }',
      },
      length: {
        shape: list(either(NOTHING, integer(0, 1_000_000)), 2, 2),
        fallback: [null, null],
        about: '`text` only: the fewest and most characters.',
        example: '[1, 30]',
      },
      pattern: {
        shape: text('pattern'),
        fallback: null,
        about: '`text` only: what the whole value looks like.',
        example: "'[A-Z]{2}[0-9]{7}'",
      },
      range: {
        shape: list(BOUND, 2, 2),
        fallback: [null, null],
        about:
          'Numbers and dates only: smallest and largest value; `~` leaves an end open. Dates may say `today`.',
        example: '[2018-07-01, today]',
      },
      scale: {
        shape: integer(0, 30),
        fallback: null,
        about: '`decimal` only: most digits after the point.',
        example: '3',
      },
      booleans: {
        shape: section('booleans'),
        fallbackIs: '`true` and `false`',
        about: '`boolean` only: the words for yes and no.',
        example: '{ true: [Y], false: [N] }',
      },
      transforms: {
        shape: TRANSFORM_LIST,
        fallback: [],
        about: 'Changes made before checking, in order; the session log notes them.',
        example: '[trim, { date: yyyyMMdd }]',
      },
      crosswalk: {
        shape: text('name'),
        fallback: null,
        about: '`code` only: the crosswalk to apply.',
        example: 'gender',
      },
      privacy: {
        shape: choice('public', 'restricted', 'personal'),
        fallback: 'public',
        about: 'Who may see it in what is published.',
        example: 'personal',
      },
      reference: {
        shape: section('reference'),
        fallbackIs: 'it refers to nothing',
        about: 'The value is the key of another record.',
        example: '{ type: precinct, on_missing: wait }',
      },
      locked: {
        shape: BOOLEAN,
        fallback: false,
        about: 'A sender may not change it once the record was submitted.',
        example: 'true',
      },
      search: {
        shape: BOOLEAN,
        fallback: false,
        about: 'Records can be searched by it (single values at the top level).',
        example: 'true',
      },
      only: {
        shape: list(text('version'), 1, 50),
        fallback: null,
        about: 'Versions in which the field exists.',
        example: '[v2]',
      },
      path: {
        shape: text('path'),
        fallbackIs: 'the name',
        about: 'Where it stands in JSON and XML, from the group it belongs to.',
        example: 'Officer.UID',
      },
      column: {
        shape: text('column'),
        fallbackIs: 'the last name of the path',
        about: 'Its column in CSV and spreadsheets.',
        example: 'UID',
      },
      fields: {
        shape: list(section('field'), 1, 1000),
        fallback: [],
        about: '`group` only, required there: its fields.',
        example: '[{ no: 2, name: age, type: integer }]',
      },
    },
  },
  booleans: {
    title: 'Words for yes and no',
    about: 'The first of each is the one we write. JSON `true` and `false` are always understood.',
    keys: {
      true: {
        shape: list(text('code'), 1, 20),
        fallback: ['true'],
        about: 'Words for yes.',
        example: '[Y, Yes]',
      },
      false: {
        shape: list(text('code'), 1, 20),
        fallback: ['false'],
        about: 'Words for no.',
        example: '[N, No]',
      },
    },
  },
  rule: {
    title: 'A rule',
    about:
      'Something that must hold in a record. It is passed over where a value it reads could not be read.',
    keys: {
      id: {
        shape: text('finding_code'),
        required: true,
        about: 'Our own name of the rule, unique in its type.',
        example: 'R6',
      },
      code: {
        shape: text('finding_code'),
        fallbackIs: 'the id',
        about: 'Finding code that senders see.',
        example: 'RV289',
      },
      title: {
        shape: text(),
        fallbackIs: 'the id',
        about: 'What the rule says, in a few words.',
        example: 'A vehicle inventory is a search of property',
      },
      severity: {
        shape: choice(...SEVERITIES),
        fallback: 'error',
        about: 'As for fields.',
        example: 'warning',
      },
      each: {
        shape: either(NOTHING, text('field_path')),
        fallback: null,
        about: 'List of groups for each of whose items the rule is asked, as `it`.',
        example: 'persons.results',
      },
      when: {
        shape: text('expression'),
        fallback: null,
        about: 'The rule is asked only when this holds.',
        example: '"it.reason == \'6\'"',
      },
      check: {
        shape: text('expression'),
        required: true,
        about: 'What must hold.',
        example: '"it.age >= 18"',
      },
      blames: {
        shape: list(text('field_path'), 1, 20),
        required: true,
        about: 'Fields that the finding names, from `it` (or the record); the first is where it stands.',
        example: '[age]',
      },
      message: {
        shape: text(),
        required: true,
        about: 'The sentence; `{age}` is the value of a field, from `it` (or the record).',
        example: 'A driver of {age} is too young.',
      },
      needs: {
        shape: choice('record', 'current', 'book'),
        fallback: 'record',
        about:
          'What it looks at: the record alone, also the stored one (`current`), or other records (`book`). Only `record` can be checked before sending.',
        example: 'current',
      },
      only: {
        shape: list(text('version'), 1, 50),
        fallback: null,
        about: 'Versions in which the rule holds.',
        example: '[v1]',
      },
      source: {
        shape: text(),
        fallback: '',
        about: 'Where it comes from: law, specification, agreement.',
        example: '11 CCR 999.226',
      },
    },
  },
  filter: {
    title: 'A filter',
    about: 'Drops a record before it is checked; its outcome is `filtered`.',
    keys: {
      code: { shape: text('finding_code'), required: true, about: 'Code in the session log.', example: 'X1' },
      drop: {
        shape: text('expression'),
        required: true,
        about: 'Drops the record when it holds.',
        example: '"record.county == \'99\'"',
      },
      message: {
        shape: text(),
        required: true,
        about: 'The sentence.',
        example: 'Records of county 99 are for training.',
      },
    },
  },
} as const satisfies Record<string, SectionSpec>
