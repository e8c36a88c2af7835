import { choice, either, list, map, mapOf, NOTHING, type SectionSpec, section, text } from './shapes.ts'
import { OPERATIONS, SEVERITIES, STATUSES } from './words.ts'

/** What a file of a record type may hold, apart from its fields and rules. */
export const TYPE_SECTIONS = {
  type: {
    title: 'types/<name>.yaml',
    about:
      'One record type: its fields, what makes a record the same record, what may be done to it, its rules.',
    keys: {
      type: {
        shape: text('name'),
        required: true,
        about: 'Name of the type, the same as that of the file.',
        example: 'stop',
      },
      title: {
        shape: text(),
        fallbackIs: 'the name in words',
        about: 'What people call one record.',
        example: 'Stop',
      },
      effective: {
        shape: either(NOTHING, text('name')),
        fallback: null,
        about:
          'Date field at the top level that chooses the version and dates the code lists; left out: the day of receipt.',
        example: 'stop_date',
      },
      unknown_fields: {
        shape: choice(...SEVERITIES, 'ignore'),
        fallback: 'warning',
        about: 'Severity of the finding for what is sent under a name that no field has, or `ignore`.',
        example: 'ignore',
      },
      member: {
        shape: text('member'),
        fallbackIs: 'the name and `*`',
        about:
          'Exchanges of several types: what files, or members of a ZIP, with its records are called, without folder and extension; `*` is any text, small and capital letters are the same. Of several that fit, the longest counts.',
        example: "'district*'",
      },
      formats: {
        shape: section('type_formats'),
        fallbackIs: 'the defaults of its keys',
        about: 'Exchanges of several types: how its records are told from others in one file.',
        example: '{ element: District, property: districts }',
      },
      identity: {
        shape: section('identity'),
        required: true,
        about: 'What makes a record the same record.',
        example: '{ key: [ori, lea_record_id] }',
      },
      operation: {
        shape: section('operation'),
        fallbackIs: 'a field `Operation` that holds the name of the operation',
        about: 'How a record of a file says what it wants done.',
        example: '{ path: TX_Type, values: { I: create, U: replace } }',
      },
      lifecycle: {
        shape: section('lifecycle'),
        fallbackIs: 'create, replace, upsert and delete, by the owner',
        about: 'Statuses and the operations allowed in them.',
        example: '{ operations: { create: {}, replace: { from: [submitted] } } }',
      },
      fields: {
        shape: list(section('field'), 1, 1000),
        required: true,
        about: 'The fields, in order.',
        example: '[{ no: 1, name: id, type: text }]',
      },
      references: {
        shape: list(section('reference'), 0, 50),
        fallback: [],
        about: 'Records that a record of this type refers to by more than one field; see also fields.',
        example: '[{ name: voter, type: voter, key: [county, voter_id] }]',
      },
      sync: {
        shape: section('sync'),
        fallbackIs: 'new and changed records are accepted, missing ones deleted by a full refresh',
        about: 'What becomes of records that are new, changed or missing.',
        example: '{ changed: reject, missing: keep }',
      },
      status_fields: {
        shape: list(text('name'), 1, 20),
        fallback: [],
        about:
          'Fields at the top level that say where the record stands, with their reasons and dates. A change of one by the centre is told as a change of status; a call may correct these alone.',
        example: '[status, status_reason, status_date]',
      },
      rules: {
        shape: list(section('rule'), 0, 2000),
        fallback: [],
        about: 'What must hold between fields.',
        example: "[{ id: R1, check: 'record.a < record.b', blames: [a], message: A is too large. }]",
      },
      filters: {
        shape: list(section('filter'), 0, 100),
        fallback: [],
        about: 'Records to leave out, without an error.',
        example: "[{ code: X1, drop: 'record.test == true', message: A test record. }]",
      },
      layouts: {
        shape: map('name', section('layout')),
        about: 'Other layouts that records may come in, beside our own.',
        example: "{ vri: { of: tree, when: { '@type': VRI.Voter }, fields: { last_name: Name.LastName } } }",
      },
    },
  },
  type_formats: {
    title: 'Formats of a type',
    about:
      'Where an exchange has several types, each record is told by its element, by the member it stands under, by its sheet, by the column or member `record_type`, or by the name of its file.',
    keys: {
      element: {
        shape: text('element'),
        fallbackIs: 'the name without underscores, each word with a capital',
        about: 'XML: element of one record.',
        example: 'District',
      },
      property: {
        shape: text('element'),
        fallbackIs: 'the name',
        about: 'JSON: member of the outermost object that holds the list of its records.',
        example: 'districts',
      },
      sheet: {
        shape: text('sheet'),
        fallbackIs: 'the name',
        about: 'Spreadsheets: name of the sheet with its records.',
        example: 'Districts',
      },
    },
  },
  identity: {
    title: 'Identity',
    about: 'How a record is recognised, and what the sender is told where that goes wrong.',
    keys: {
      key: {
        shape: list(text('name'), 1, 8),
        required: true,
        about:
          'The fields at the top level that together name a record. They are required and their severity is fatal.',
        example: '[ori, lea_record_id]',
      },
      exists: {
        shape: section('fatal_text'),
        fallbackIs: '`EXISTS` and a sentence of ours',
        about: 'A create of a record that is stored already.',
        example: '{ code: DV236, message: Stored already. }',
      },
      missing: {
        shape: section('fatal_text'),
        fallbackIs: '`MISSING` and a sentence of ours',
        about: 'A change of a record that is not stored.',
        example: '{ code: R03A, message: There is no such record. }',
      },
      closed: {
        shape: section('fatal_text'),
        fallbackIs: '`CLOSED` and a sentence of ours',
        about: 'An operation that the status of the stored record does not allow.',
        example: '{ code: R03B, message: The record is final. }',
      },
      wrong_id: {
        shape: section('fatal_text'),
        fallbackIs: '`WRONG_ID` and a sentence of ours',
        about: "The centre's id, as sent, belongs to another record.",
        example: '{ code: R03C, message: That is another record. }',
      },
      former: {
        shape: list(text('name'), 1, 8),
        fallbackIs: 'none: records are renamed by the API only',
        about:
          'Fields at the top level in which a record that is renamed (operation `rename`) says what its key was, in the order of the key.',
        example: '[former_id]',
      },
      duplicates: {
        shape: list(section('duplicate'), 0, 1),
        fallback: [],
        about: 'A second way to know that a new record is stored already, under another key.',
        example: '[{ fields: [officer, date], code: DV004, message: Stored already. }]',
      },
      owner: {
        shape: section('owner'),
        about: 'The field that must hold an identifier of the partner who sends.',
        example: '{ field: ori, scheme: ori }',
      },
      stable_id: {
        shape: section('stable_id'),
        about: "Where the centre's own id of the record travels.",
        example: '{ path: DOJRecordID }',
      },
    },
  },
  fatal_text: {
    title: 'A refusal',
    about: 'Finding code and sentence for the sender.',
    keys: {
      code: { shape: text('finding_code'), required: true, about: 'Finding code.', example: 'DV236' },
      message: {
        shape: text(),
        required: true,
        about: 'The sentence.',
        example: 'A record with this key is stored already.',
      },
    },
  },
  duplicate: {
    title: 'A duplicate check',
    about: 'Applies to new records only. Where one of the fields is absent, nothing is compared.',
    keys: {
      fields: {
        shape: list(text('name'), 1, 8),
        required: true,
        about: 'Fields at the top level that may not all be the same in two records.',
        example: '[officer_uid, stop_date]',
      },
      code: { shape: text('finding_code'), fallback: 'DUPLICATE', about: 'Finding code.', example: 'DV004' },
      message: {
        shape: text(),
        required: true,
        about: 'The sentence.',
        example: 'A stop of this officer, date and time is stored already.',
      },
    },
  },
  owner: {
    title: 'Owner of a record',
    about: 'Guards against records sent under the wrong account.',
    keys: {
      field: { shape: text('name'), required: true, about: 'Field at the top level.', example: 'ori' },
      scheme: {
        shape: text(),
        required: true,
        about: 'Kind of identifier, as partners are registered with it.',
        example: 'ori',
      },
      code: { shape: text('finding_code'), fallback: 'NOT_YOURS', about: 'Finding code.', example: 'F003W' },
      message: {
        shape: text(),
        fallback: "This identifier is not one of the sender's.",
        about: 'The sentence.',
        example: 'The ORI is not yours.',
      },
    },
  },
  stable_id: {
    title: 'Stable id',
    about:
      'The centre gives every record an id that never changes. Senders may quote it; it is not stored in the record.',
    keys: {
      path: {
        shape: text('path'),
        required: true,
        about: 'Where it stands in JSON and XML.',
        example: 'DOJRecordID',
      },
      column: {
        shape: text('column'),
        fallbackIs: 'the last name of the path',
        about: 'Its column.',
        example: 'DOJRecordID',
      },
      label: {
        shape: text(),
        fallbackIs: 'the column',
        about: 'What people call it.',
        example: 'DOJ record id',
      },
    },
  },
  operation: {
    title: 'Operation of a record',
    about: 'The field in which a record says what it wants done. It is not stored in the record.',
    keys: {
      path: {
        shape: text('path'),
        fallback: 'Operation',
        about: 'Where it stands in JSON and XML.',
        example: 'TX_Type',
      },
      column: {
        shape: text('column'),
        fallbackIs: 'the last name of the path',
        about: 'Its column.',
        example: 'TX_Type',
      },
      values: {
        shape: map('code', choice(...OPERATIONS)),
        fallbackIs: 'each operation under its own name',
        about: 'What senders write, and what it means.',
        example: '{ I: create, U: replace }',
      },
      fallback: {
        shape: either(NOTHING, choice(...OPERATIONS)),
        fallbackIs: 'none: the record is refused (`upsert` without any `operation`)',
        about: 'The operation where the field is absent.',
        example: 'upsert',
      },
      code: {
        shape: text('finding_code'),
        fallback: 'OPERATION_UNKNOWN',
        about: 'Finding code where the operation cannot be read.',
        example: 'F004',
      },
      message: {
        shape: text(),
        fallback: '',
        fallbackIs: 'a sentence of ours',
        about: 'The sentence.',
        example: 'The transaction type must be I or U.',
      },
      close: {
        shape: section('close'),
        about: 'A flag that turns a replace into a close.',
        example: '{ path: Is_NFIA, value: Y }',
      },
    },
  },
  close: {
    title: 'Close flag',
    about: 'Says that no more is known: the record is closed as it is.',
    keys: {
      path: {
        shape: text('path'),
        required: true,
        about: 'Where it stands in JSON and XML.',
        example: 'Is_NFIA',
      },
      column: {
        shape: text('column'),
        fallbackIs: 'the last name of the path',
        about: 'Its column.',
        example: 'Is_NFIA',
      },
      value: { shape: text('code'), required: true, about: 'The value that closes.', example: 'Y' },
    },
  },
  lifecycle: {
    title: 'Lifecycle',
    about: 'A record is `submitted`, `submitted-with-errors`, `closed` or `deleted`.',
    keys: {
      labels: {
        shape: mapOf(STATUSES, text()),
        fallbackIs: 'Submitted, Submitted with errors, Closed, Deleted',
        about: 'What the statuses are called here.',
        example: '{ submitted: Successful Submission }',
      },
      operations: {
        shape: mapOf(OPERATIONS, section('operation_rule')),
        required: true,
        about: 'Operations offered; one that is not named cannot be asked for.',
        example: '{ create: {}, delete: { grant: centre } }',
      },
    },
  },
  operation_rule: {
    title: 'An operation',
    about: 'When and by whom it may be used.',
    keys: {
      from: {
        shape: list(choice('submitted', 'submitted-with-errors', 'closed'), 0, 3),
        fallbackIs: '`[submitted, submitted-with-errors]`; for a create none, since nothing is stored yet',
        about: 'Statuses of the stored record in which it is allowed.',
        example: '[submitted-with-errors]',
      },
      grant: {
        shape: choice('owner', 'centre'),
        fallback: 'owner',
        about: 'Whoever may write the book, or only people of the centre.',
        example: 'centre',
      },
    },
  },
} as const satisfies Record<string, SectionSpec>
