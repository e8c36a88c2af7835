import { choice, either, integer, list, map, NOTHING, type SectionSpec, section, text } from './shapes.ts'
import { SEVERITIES, TRANSFORMS } from './words.ts'

/** What the key `transforms` takes, wherever it stands. */
export const TRANSFORM_LIST = list(either(choice(...TRANSFORMS), section('transform')), 0, 10)

/** Where a value comes from: a name, several, or a section. */
const SOURCE = either(text('source'), list(text('source'), 1, 20), section('source'))

/** Changes of values, layouts of others, and the rule sets of partners. */
export const RULE_SECTIONS = {
  transform: {
    title: 'A transform',
    about:
      'A change of a value before it is checked. One of these keys says what is done; `with` and `part` belong to some. ' +
      'A value that the transform does not fit stays as it was sent, for the checks to judge.',
    keys: {
      date: {
        shape: text('transform_text'),
        fallback: null,
        about:
          "How dates or times are written: `yyyy`, `MM`, `dd`, `MMM` (Jan), `HH`, `mm`, `ss`; `M`, `d` and `H` without a leading zero; text in `'…'`.",
        example: 'yyyyMMdd',
      },
      replace: {
        shape: text('transform_text'),
        fallback: null,
        about: 'A text of which every occurrence is replaced.',
        example: "'-'",
      },
      pattern: {
        shape: text('pattern'),
        fallback: null,
        about: 'The same for a pattern in RE2 syntax; `with` may hold `$1`.',
        example: "'^0+'",
      },
      with: {
        shape: text('transform_text'),
        fallback: null,
        fallbackIs: 'nothing; `0` for `pad`',
        about: 'What `replace` and `pattern` put in its place, or `pad` puts before it.',
        example: "'/'",
      },
      map: {
        shape: map('code', text('transform_text')),
        about: 'Values as sent, as a whole, and what each becomes.',
        example: '{ UNK: unknown }',
      },
      default: {
        shape: text('transform_text'),
        fallback: null,
        about: 'The value where nothing was sent.',
        example: 'NC',
      },
      split: {
        shape: text('transform_text'),
        fallback: null,
        about: 'Splits a text at this mark: into the items of a list, or with `part` for one of them.',
        example: "', '",
      },
      part: {
        shape: integer(-100, 100),
        fallback: null,
        about: 'With `split`: which part, from 1; -1 is the last one.',
        example: '1',
      },
      join: {
        shape: text('transform_text'),
        fallback: null,
        about: 'Makes one text of a list, with this between its items.',
        example: "' '",
      },
      cut: {
        shape: list(integer(1, 100_000), 1, 2),
        fallback: null,
        about: 'Keeps the characters from the first to the second place, or to the end.',
        example: '[1, 5]',
      },
      pad: {
        shape: integer(1, 1000),
        fallback: null,
        about: 'Fills up to this many characters, on the left.',
        example: '5',
      },
    },
  },
  layout: {
    title: 'A layout of others',
    about:
      'Records as others write them, mapped to our fields. The first layout that fits a record is used; a record that fits none is read in our own. In rows, each row is a record.',
    keys: {
      of: {
        shape: choice('rows', 'tree'),
        required: true,
        about: '`rows` for CSV and spreadsheets, `tree` for JSON and XML.',
        example: 'rows',
      },
      when: {
        shape: map('source', either(NOTHING, text())),
        about: 'The layout fits where each of these has this value; `~`: where it is there.',
        example: "{ '@type': VRI.VoterRecordsRequest }",
      },
      headers: {
        shape: list(text('column'), 1, 2000),
        fallback: null,
        about: 'Rows only: all their columns; with it, names that are not among them are found at once.',
        example: '[ncid, last_name]',
      },
      columns: {
        shape: map('column', either(text('field_path'), list(text('field_path'), 1, 10))),
        about: 'Rows only: their header, and our field (or fields).',
        example: '{ voter_reg_num: registration_no }',
      },
      fields: {
        shape: map('field_path', SOURCE),
        about:
          'Our field, and where its value comes from: a header, a path, several, or a section. `operation` and `record_id` are fields here too.',
        example: "{ last_name: Subject.Name.LastName, phone: 'Contact[Type=phone].Value' }",
      },
      others: {
        shape: choice('ignore', 'ours'),
        fallback: 'ignore',
        about: 'Names that are not mapped: passed over, or read as in our own layout.',
        example: 'ours',
      },
    },
  },
  source: {
    title: 'A source',
    about: 'Where a value comes from: `from`, `value` or `cel`.',
    keys: {
      from: {
        shape: either(text('source'), list(text('source'), 1, 20)),
        fallback: null,
        about:
          'A header, or in a tree a path: names joined by dots; `[Type=phone]` picks the items of a list with that value, `[Type!=phone]` the others, `[1]` the first. Several give a list.',
        example: "'Subject.ContactMethod[Type=phone].Value'",
      },
      value: { shape: text('code'), fallback: null, about: 'Always this value.', example: 'upsert' },
      cel: {
        shape: text('value_expression'),
        fallback: null,
        about: "A CEL expression; `raw('…')` is what stands under a header or path, as text.",
        example: "\"raw('area') + raw('number')\"",
      },
      transforms: {
        shape: TRANSFORM_LIST,
        fallback: [],
        about: 'Changes made before those of the field.',
        example: "[{ join: '-' }]",
      },
      fields: {
        shape: map('name', SOURCE),
        about: 'Of a group or a list of groups: its fields, and where they stand in each item.',
        example: '{ kind: Type, number: StringValue }',
      },
    },
  },
  rule_set: {
    title: 'rules.yaml',
    about:
      'A rule set: what is done to the records of one partner, or of all, before they are judged. It is laid over the definition; what it does not name stays as the definition says.',
    keys: {
      crosswalks: {
        shape: map('name', section('rule_crosswalk')),
        about: 'Codes of the partner and ours. Those of a crosswalk of the definition go before its own.',
        example: '{ gender: { map: { M: male } } }',
      },
      formats: {
        shape: section('formats'),
        fallbackIs: 'those of the definition',
        about: 'Keys of the formats that differ.',
        example: "{ csv: { delimiter: '|' } }",
      },
      types: {
        shape: map('name', section('rule_type')),
        about: 'What is done to records of each type.',
        example: '{ voter: { fields: { last_name: { transforms: [upper] } } } }',
      },
    },
  },
  rule_crosswalk: {
    title: 'A crosswalk of a rule set',
    about: 'Turns codes of the partner into ours.',
    keys: {
      list: {
        shape: text('name'),
        fallback: null,
        about: 'The code list it leads to; needed where the definition has no crosswalk of this name.',
        example: 'gender',
      },
      map: {
        shape: map('code', text('code')),
        required: true,
        about: 'Their code and ours.',
        example: '{ M: male, F: female }',
      },
    },
  },
  rule_type: {
    title: 'A record type in a rule set',
    about: 'Everything here is optional.',
    keys: {
      unknown_fields: {
        shape: choice(...SEVERITIES, 'ignore'),
        fallback: null,
        fallbackIs: 'as the definition says',
        about: 'Severity of the finding for what is sent under a name that no field has, or `ignore`.',
        example: 'ignore',
      },
      fields: {
        shape: map('field_path', section('rule_field')),
        about: 'Changes of values, by the path of the field.',
        example: '{ name.last: { transforms: [upper] } }',
      },
      filters: {
        shape: list(section('filter'), 0, 100),
        fallback: [],
        about: 'Records to leave out, beside those that the definition leaves out.',
        example: "[{ code: N1, drop: \"raw('status_cd') == 'R'\", message: A removed voter. }]",
      },
      formats: {
        shape: section('type_formats'),
        fallbackIs: 'as the definition says',
        about: 'Where its records stand, in an exchange with several types.',
        example: '{ property: VoterRecord }',
      },
      layouts: {
        shape: map('name', section('layout')),
        about: 'How the partner writes records; tried before the layouts of the definition.',
        example: '{ nc: { of: rows, columns: { ncid: voter_id } } }',
      },
    },
  },
  rule_field: {
    title: 'A field in a rule set',
    about: 'What is done to its values.',
    keys: {
      transforms: {
        shape: TRANSFORM_LIST,
        fallback: [],
        about: 'Changes made before those of the definition, in order.',
        example: '[{ date: yyyyMMdd }]',
      },
      crosswalk: {
        shape: text('name'),
        fallback: null,
        fallbackIs: 'as the definition says',
        about: '`code` only: the crosswalk to apply.',
        example: 'party',
      },
    },
  },
} as const satisfies Record<string, SectionSpec>
