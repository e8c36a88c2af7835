import {
  BOOLEAN,
  choice,
  either,
  integer,
  list,
  map,
  NOTHING,
  number,
  type SectionSpec,
  section,
  text,
} from './shapes.ts'

/** What `exchange.yaml` may hold. */
export const EXCHANGE_SECTIONS = {
  exchange: {
    title: 'exchange.yaml',
    about: 'The head of a definition: what it is called, its code lists, and how its files look.',
    keys: {
      exchange: {
        shape: text('exchange'),
        required: true,
        about: 'Name of the exchange, as it stands in URLs and folders.',
        example: 'ripa',
      },
      title: { shape: text(), required: true, about: 'What people call it.', example: 'Stop data' },
      description: {
        shape: text('text'),
        fallback: '',
        about: 'A sentence or two: what is sent, by whom, to whom.',
        example: 'One record for each stop.',
      },
      zone: {
        shape: text('zone'),
        fallback: 'UTC',
        about: 'Time zone of the exchange. It alone says which day "today" is.',
        example: 'America/Los_Angeles',
      },
      owner: {
        shape: choice('partner', 'centre'),
        fallback: 'partner',
        about:
          'Who owns the records: each partner its own (`partner`), or the centre all of them (`centre`).',
        example: 'partner',
      },
      versions: {
        shape: list(section('version'), 1, 50),
        fallbackIs: 'one version `1`, valid always',
        about:
          'Versions that follow each other without a gap. The date in the field `effective` of a record chooses.',
        example: '[{ name: v1, until: 2023-12-31 }, { name: v2, from: 2024-01-01 }]',
      },
      types: {
        shape: list(text('name'), 1, 50),
        required: true,
        about:
          'Record types, each stated by the file `types/<name>.yaml`. Types that others build on stand first.',
        example: '[stop]',
      },
      lists: {
        shape: map('name', section('list')),
        about: 'Code lists, by name.',
        example: '{ size: { title: Size, values: { S: Small, L: Large } } }',
      },
      crosswalks: {
        shape: map('name', section('crosswalk')),
        about: 'Tables from the codes that partners use to those of a list, by name.',
        example: "{ gender: { list: gender, map: { '*': { M: '1' } } } }",
      },
      formats: {
        shape: section('formats'),
        fallbackIs: 'the defaults of its keys',
        about: 'How records look in files.',
        example: '{ json: { wrapper: records } }',
      },
      refresh: {
        shape: section('refresh'),
        fallbackIs: 'not allowed',
        about: 'Submissions that hold everything a partner has, so that what they leave out is deleted.',
        example: '{ allowed: true, delete_share_max: 0.05 }',
      },
      batch: {
        shape: section('batch'),
        fallbackIs: 'nothing must come together',
        about: 'What must come in one file.',
        example: '{ required: [district, precinct] }',
      },
      realtime: {
        shape: section('realtime'),
        fallbackIs: 'the defaults of its keys',
        about: 'Calls with a single record, made while a file is being processed.',
        example: '{ wait_ms: 2000 }',
      },
      reconcile: {
        shape: section('reconcile'),
        fallbackIs: 'one category of all types, in which nothing may differ',
        about: "How a partner's whole file is held against what the centre has.",
        example: '{ categories: [{ category: registration, tolerance: [{ share: 0.001 }] }] }',
      },
      work_items: {
        shape: map('name', section('work_item')),
        fallbackIs: 'any kind, to be answered in 5 business days',
        about: 'Kinds of work items that the centre may put before a partner.',
        example: '{ duplicate: { title: Possible duplicate, due_days: 5 } }',
      },
      files: {
        shape: section('files'),
        fallbackIs: 'the defaults of its keys',
        about: 'How files come in by SFTP and drop folder.',
        example: '{ input: [INPUT], output: OUTPUT }',
      },
      profiles: {
        shape: map('name', section('profile')),
        about: 'Published interfaces that the exchange also speaks, by name (`sdcs`).',
        example: '{ sdcs: { headers: { ORI: { field: ori } } } }',
      },
    },
  },
  version: {
    title: 'A version',
    about:
      'A span of effective dates under one shape of the records. `only` ties fields and rules to versions.',
    keys: {
      name: { shape: text('version'), required: true, about: 'Name of the version.', example: 'v2' },
      from: {
        shape: text('date'),
        fallback: null,
        about: 'First day; left out: always before.',
        example: '2024-01-01',
      },
      until: {
        shape: text('date'),
        fallback: null,
        about: 'Last day; left out: from then on.',
        example: '2023-12-31',
      },
    },
  },
  list: {
    title: 'A code list',
    about:
      'The codes that a field of type `code` takes: either written here (`values`) or in a CSV file (`file`).',
    keys: {
      title: {
        shape: text(),
        fallbackIs: 'the name in words',
        about: 'What the codes say.',
        example: 'Race or ethnicity',
      },
      values: {
        shape: map('code', either(section('code'), text())),
        about: 'Each code with its label, or with label and dates.',
        example: "{ '1': Asian, '14': { label: Verbal warning, from: 2024-01-01 } }",
      },
      file: {
        shape: text('code_file'),
        fallback: null,
        about: 'CSV file with a header row.',
        example: 'codes/city.csv',
      },
      imported: {
        shape: BOOLEAN,
        fallback: false,
        about: 'The file is a sample; `tributary codes import` replaces it by the published table.',
        example: 'true',
      },
      columns: {
        shape: section('columns'),
        fallbackIs: 'columns `code`, `label`, `from`, `until`',
        about: 'Which columns of the file hold what.',
        example: '{ code: name, label: name, until: deactivationDate }',
      },
    },
  },
  code: {
    title: 'A code with dates',
    about: 'A code that is, or was, valid for a time. The effective date of the record counts.',
    keys: {
      label: { shape: text(), required: true, about: 'What the code means.', example: 'Verbal warning' },
      from: { shape: text('date'), fallback: null, about: 'First day.', example: '2024-01-01' },
      until: { shape: text('date'), fallback: null, about: 'Last day.', example: '2023-12-31' },
    },
  },
  columns: {
    title: 'Columns of a code file',
    about:
      'Other columns are passed over. Dates are YYYY-MM-DD or MM/DD/YYYY; empty cells leave the span open.',
    keys: {
      code: { shape: text('column'), fallback: 'code', about: 'Column of the code.', example: 'offenseCode' },
      label: {
        shape: text('column'),
        fallbackIs: 'the column of the code',
        about: 'Column of the label.',
        example: 'statuteLiteral',
      },
      from: { shape: text('column'), fallback: null, about: 'Column of the first day.', example: 'enacted' },
      until: { shape: text('column'), fallback: null, about: 'Column of the last day.', example: 'repealed' },
    },
  },
  crosswalk: {
    title: 'A crosswalk',
    about: 'Turns codes of partners into ours before anything is checked; the session log notes it.',
    keys: {
      list: { shape: text('name'), required: true, about: 'The code list it leads to.', example: 'gender' },
      map: {
        shape: map('partner', map('code', text('code'))),
        required: true,
        about:
          "For each partner, or `*` for all, their code and ours. A partner's own entries go before `*`.",
        example: "{ '*': { M: '1' }, alder-flat-pd: { W: '2' } }",
      },
    },
  },
  formats: {
    title: 'Formats',
    about: 'Every exchange takes JSON, XML, CSV and spreadsheets; this says how they look.',
    keys: {
      json: {
        shape: section('json'),
        fallbackIs: 'the defaults of its keys',
        about: 'JSON.',
        example: '{ wrapper: records }',
      },
      xml: {
        shape: section('xml'),
        fallbackIs: 'the defaults of its keys',
        about: 'XML.',
        example: '{ root: Stops, record: Stop }',
      },
      csv: {
        shape: section('csv'),
        fallbackIs: 'the defaults of its keys',
        about: 'CSV and other delimited text; spreadsheets share its layout.',
        example: "{ delimiter: '|' }",
      },
      sheet: {
        shape: section('sheet'),
        fallbackIs: 'the defaults of its keys',
        about: 'Spreadsheets.',
        example: '{ name: Stops }',
      },
      record_type: {
        shape: text('element'),
        fallback: 'record_type',
        about: 'Exchanges of several types: member or column in which a record may name its type.',
        example: 'kind',
      },
      dates: {
        shape: choice('iso', 'us'),
        fallback: 'iso',
        about:
          'How dates are written in what we send: `iso` is YYYY-MM-DD, `us` is MM/DD/YYYY. Both are always read.',
        example: 'us',
      },
    },
  },
  json: {
    title: 'JSON',
    about: 'One record, a list of records, or one record a line are always read.',
    keys: {
      wrapper: {
        shape: either(NOTHING, text('element')),
        fallback: null,
        about: 'Member of the outermost object that holds the list of records.',
        example: 'records',
      },
      all_text: {
        shape: BOOLEAN,
        fallback: false,
        about: 'Numbers and booleans are written as text.',
        example: 'true',
      },
    },
  },
  xml: {
    title: 'XML',
    about: 'Elements named as the paths of the fields say, below one element for each record.',
    keys: {
      root: {
        shape: text('element'),
        fallback: 'Records',
        about: 'Outermost element.',
        example: 'StopDataRecords',
      },
      record: {
        shape: text('element'),
        fallback: 'Record',
        about: 'Element of one record.',
        example: 'StopDataRecord',
      },
      namespace: {
        shape: either(NOTHING, text()),
        fallback: null,
        about: 'Namespace of the elements.',
        example: 'urn:example:stops',
      },
    },
  },
  csv: {
    title: 'CSV',
    about: 'One row for each record, or for each item of one nested list.',
    keys: {
      delimiter: {
        shape: choice(',', '|', '\t'),
        fallback: ',',
        about: 'Between two cells: comma, bar or tab (`"\\t"`).',
        example: "'|'",
      },
      items: {
        shape: text('mark'),
        fallback: ';',
        about: 'Between the values of a list in one cell.',
        example: "';'",
      },
      parts: {
        shape: text('mark'),
        fallback: ',',
        about: 'Between the fields of a group in one cell.',
        example: "','",
      },
      row_per: {
        shape: either(NOTHING, text('name')),
        fallback: null,
        about:
          'A list of groups at the top level that gets a row for each item. Rows of one record stand together.',
        example: 'persons',
      },
    },
  },
  sheet: {
    title: 'Spreadsheets',
    about: 'The columns are those of CSV.',
    keys: {
      name: {
        shape: text('sheet'),
        fallback: 'Records',
        about: 'Name of the sheet with the records.',
        example: 'Stops',
      },
    },
  },
  refresh: {
    title: 'Refresh',
    about: 'Above any of these limits a submission is held until a person releases it.',
    keys: {
      allowed: {
        shape: BOOLEAN,
        fallback: false,
        about: 'Whether partners may send everything they have at once.',
        example: 'true',
      },
      delete_share_max: {
        shape: number(0, 1),
        fallback: 0.1,
        about: 'Share of the live records it may delete.',
        example: '0.05',
      },
      delete_count_max: {
        shape: integer(0, 1_000_000_000),
        fallback: 1000,
        about: 'Number of records it may delete.',
        example: '500',
      },
      within: {
        shape: list(text('name'), 1, 4),
        fallbackIs: 'everything that the sender has',
        about:
          'Fields at the top level that tell sets apart, such as the election. A refresh then replaces only the sets that its accepted records belong to; the limits hold for the records of those sets.',
        example: '[election]',
      },
      change_share_max: {
        shape: number(0, 1),
        fallback: 0.5,
        about: 'Share of the live records it may change.',
        example: '0.5',
      },
    },
  },
  batch: {
    title: 'Batch',
    about:
      'Types that belong together. Their records are taken in the order in which `types` names the types, also where the members of a ZIP stand in another.',
    keys: {
      required: {
        shape: list(text('name'), 1, 50),
        required: true,
        about: 'Types that one file must hold; where one is missing nothing of the file is taken in.',
        example: '[district, precinct, mapping]',
      },
    },
  },
  realtime: {
    title: 'Calls with one record',
    about: 'Records of one book are changed one after the other.',
    keys: {
      interleave: {
        shape: BOOLEAN,
        fallback: true,
        about: 'A call may come between two parts of a file that is being processed.',
        example: 'false',
      },
      wait_ms: {
        shape: integer(0, 60_000),
        fallback: 5000,
        about: 'Milliseconds a call waits for its turn before it is refused as busy.',
        example: '2000',
      },
    },
  },
  profile: {
    title: 'A profile',
    about: 'What a published interface asks of requests, and how it answers.',
    keys: {
      headers: {
        shape: map('header', section('header')),
        about: 'Request headers that repeat part of the record.',
        example: '{ ORI: { field: ori, required: true } }',
      },
      statuses: {
        shape: map('finding_code', integer(400, 599)),
        about: 'HTTP status for a finding that refuses a record.',
        example: '{ DV236: 409 }',
      },
    },
  },
  header: {
    title: 'A request header',
    about: 'Where it names a field, both must say the same.',
    keys: {
      field: {
        shape: either(NOTHING, text('name')),
        fallback: null,
        about: 'The field at the top level that it must agree with.',
        example: 'ori',
      },
      required: {
        shape: BOOLEAN,
        fallback: false,
        about: 'Whether the header must be there.',
        example: 'true',
      },
    },
  },
} as const satisfies Record<string, SectionSpec>
