/**
 * The language of the agent's one file as one table: every key, what it takes, its default and what it is for. The
 * reader (`config-reader.ts`) and the JSON Schema for editors (`config-schema.ts`) are made from it.
 */

export type ConfigShape =
  | { readonly is: 'text' }
  | { readonly is: 'integer'; readonly min: number; readonly max: number }
  /** From 0 to 1. */
  | { readonly is: 'share' }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  | { readonly is: 'texts' }
  /** A text, `{ file: … }` or `{ env: … }`. */
  | { readonly is: 'secret' }
  /** Text → text, or nothing. */
  | { readonly is: 'names' }
  | { readonly is: 'section'; readonly of: ConfigSectionName }
  | { readonly is: 'sections'; readonly of: ConfigSectionName }
  /** Name → section. */
  | { readonly is: 'named'; readonly of: ConfigSectionName }

export interface ConfigKey {
  readonly shape: ConfigShape
  readonly required?: true
  readonly fallback?: string | number
  readonly about: string
  readonly example: string
}

export interface ConfigSection {
  readonly title: string
  readonly keys: Readonly<Record<string, ConfigKey>>
}

export type ConfigSectionName =
  | 'agent'
  | 'node'
  | 'poll'
  | 'source'
  | 'limits'
  | 'batch'
  | 'view'
  | 'changes'
  | 'check'

const text = { is: 'text' } as const
const secret = { is: 'secret' } as const
const integer = (min: number, max: number) => ({ is: 'integer', min, max }) as const
const choice = (...of: readonly string[]) => ({ is: 'choice', of }) as const
const section = (of: ConfigSectionName) => ({ is: 'section', of }) as const

const day = 86_400

export const CONFIG_LANGUAGE: Readonly<Record<ConfigSectionName, ConfigSection>> = {
  agent: {
    title: 'The agent',
    keys: {
      node: {
        shape: section('node'),
        required: true,
        about: 'The node at the centre.',
        example: '{ url: https://node.example.org }',
      },
      state: {
        shape: text,
        fallback: '/var/lib/tributary-agent',
        about:
          'Folder of the agent: temporary files, what is under way, logs, snapshots. Readable by it alone.',
        example: '/var/lib/tributary-agent',
      },
      poll: {
        shape: section('poll'),
        about: 'How often the node is asked for jobs.',
        example: '{ seconds: 15 }',
      },
      key: {
        shape: secret,
        about:
          'Encrypts temporary files on the disk (AES-256-GCM): 32 bytes as 64 hexadecimal digits. Without it they are ' +
          'only readable by the agent’s account alone.',
        example: '{ file: /etc/tributary-agent/key }',
      },
      sources: {
        shape: { is: 'named', of: 'source' },
        required: true,
        about: 'Databases or folders that records are taken from, by a name of your own.',
        example: '{ ems: { driver: postgres } }',
      },
      batches: {
        shape: { is: 'sections', of: 'batch' },
        required: true,
        about: 'What is sent: one entry for each exchange.',
        example: '[{ exchange: voter, source: ems, view: tributary_voter }]',
      },
    },
  },
  node: {
    title: 'The node',
    keys: {
      url: {
        shape: text,
        required: true,
        about: 'Its address; https, except on this machine.',
        example: 'https://node.example.org',
      },
      client_id: {
        shape: text,
        required: true,
        about: 'Client id of the agent’s account.',
        example: 'north-agent',
      },
      client_secret: { shape: secret, required: true, about: 'Its secret.', example: '{ file: secret }' },
      ca: {
        shape: text,
        about: 'PEM file of the authority that signed the node’s certificate, where it is not a public one.',
        example: '/etc/tributary-agent/ca.pem',
      },
      proxy: {
        shape: text,
        about: 'Web proxy on the way to the node.',
        example: 'http://proxy.county.example:3128',
      },
    },
  },
  poll: {
    title: 'Asking for jobs',
    keys: {
      seconds: {
        shape: integer(1, day),
        fallback: 15,
        about: 'Time between two questions, give or take a fifth.',
        example: '15',
      },
      wait_seconds: {
        shape: integer(0, 50),
        fallback: 0,
        about: 'How long the node may keep a question open until there is a job. 0: it answers at once.',
        example: '50',
      },
      backoff_seconds: {
        shape: integer(1, day),
        fallback: 300,
        about: 'While the node is away the time between two questions doubles up to this.',
        example: '300',
      },
      at_once: {
        shape: integer(1, 20),
        fallback: 1,
        about: 'Jobs that may run at the same time; of one exchange never more than one.',
        example: '1',
      },
    },
  },
  source: {
    title: 'A source',
    keys: {
      driver: {
        shape: choice('postgres', 'mysql', 'mariadb', 'sqlserver', 'oracle', 'sqlite', 'files'),
        required: true,
        about: 'Kind of database; `files` for delimited files in a folder.',
        example: 'postgres',
      },
      host: {
        shape: text,
        fallback: 'localhost',
        about: 'Server of the database.',
        example: 'db.county.example',
      },
      port: { shape: integer(0, 65_535), fallback: 0, about: 'Its port. 0: the usual one.', example: '5432' },
      database: {
        shape: text,
        about: 'Name of the database; of an Oracle database the service.',
        example: 'ems',
      },
      user: {
        shape: text,
        about: 'Account that may read the views and nothing else.',
        example: 'tributary_reader',
      },
      password: { shape: secret, about: 'Its password.', example: '{ file: db-password }' },
      tls: {
        shape: choice('verify', 'encrypt', 'off'),
        fallback: 'verify',
        about:
          '`verify`: encrypted, and the server’s certificate is checked; `encrypt`: not checked; `off`: plain.',
        example: 'verify',
      },
      ca: {
        shape: text,
        about: 'PEM file of the authority that signed the server’s certificate.',
        example: '/etc/tributary-agent/db-ca.pem',
      },
      path: {
        shape: text,
        about: 'SQLite: the database file. Files: their folder.',
        example: '/srv/ems/ems.sqlite',
      },
      delimiter: {
        shape: choice(',', '|', '\t'),
        fallback: ',',
        about: 'Files: what parts the columns.',
        example: '"|"',
      },
      limits: {
        shape: section('limits'),
        about: 'The load that the source may be put under.',
        example: '{ rows_per_second: 5000 }',
      },
    },
  },
  limits: {
    title: 'Limits of a source',
    keys: {
      batch_rows: {
        shape: integer(1, 10_000),
        fallback: 500,
        about: 'Rows asked for at a time.',
        example: '500',
      },
      rows_per_second: {
        shape: integer(0, 10_000_000),
        fallback: 0,
        about: 'No faster than this. 0: as fast as it goes.',
        example: '5000',
      },
      pause_ms: {
        shape: integer(0, 60_000),
        fallback: 0,
        about: 'Rest after each batch, in thousandths of a second.',
        example: '20',
      },
      statement_seconds: {
        shape: integer(1, day),
        fallback: 300,
        about: 'How long the database may be silent before the extraction is given up.',
        example: '300',
      },
      connect_seconds: {
        shape: integer(1, 600),
        fallback: 15,
        about: 'How long connecting may take.',
        example: '15',
      },
    },
  },
  batch: {
    title: 'A batch',
    keys: {
      exchange: {
        shape: text,
        required: true,
        about: 'Exchange that the records belong to.',
        example: 'voter',
      },
      realm: {
        shape: choice('live', 'test'),
        fallback: 'live',
        about: 'Whether they count, or are a rehearsal.',
        example: 'live',
      },
      source: { shape: text, required: true, about: 'Name of the source.', example: 'ems' },
      view: {
        shape: text,
        about: 'The view, where the exchange has one type of records; the keys of a view may stand here too.',
        example: 'tributary_voter',
      },
      views: {
        shape: { is: 'sections', of: 'view' },
        about: 'A view for each type of records.',
        example: '[{ type: district, view: tributary_district }]',
      },
      where: { shape: text, about: 'See the view.', example: "county_code = '34'" },
      columns: { shape: { is: 'names' }, about: 'See the view.', example: '{ reg_no: RegistrantID }' },
      other_columns: {
        shape: choice('refuse', 'leave_out', 'send'),
        fallback: 'refuse',
        about: 'See the view.',
        example: 'leave_out',
      },
      changes: { shape: section('changes'), about: 'See the view.', example: '{ by: snapshot }' },
      check: {
        shape: section('check'),
        about: 'How records are checked before they are sent.',
        example: '{ mode: stop, share_max: 0.05 }',
      },
    },
  },
  view: {
    title: 'A view',
    keys: {
      type: {
        shape: text,
        about: 'Type of records. Default: the first of the exchange.',
        example: 'district',
      },
      view: {
        shape: text,
        required: true,
        about: 'View or table; of a folder of files a name that may hold * and ?.',
        example: 'ems.tributary_district',
      },
      where: {
        shape: text,
        about: 'Selection criteria, as they stand after WHERE. Not for files.',
        example: "county_code = '34'",
      },
      columns: {
        shape: { is: 'names' },
        about:
          'Their column → our field, by its name in JSON, in CSV, or in the definition; empty: left out. Columns not named here are taken by their own name.',
        example: '{ reg_no: RegistrantID, changed_by: }',
      },
      other_columns: {
        shape: choice('refuse', 'leave_out', 'send'),
        fallback: 'refuse',
        about:
          'What becomes of a column that is no field: it is a mistake, it is left out, or it is sent under its own name (where the centre maps it).',
        example: 'leave_out',
      },
      changes: {
        shape: section('changes'),
        about: 'How the agent finds what changed since the last job. Without it every row is sent each time.',
        example: '{ by: snapshot }',
      },
    },
  },
  changes: {
    title: 'Finding what changed',
    keys: {
      by: {
        shape: choice('timestamp', 'tracking', 'snapshot'),
        required: true,
        about:
          '`timestamp`: a column of the view says when; `tracking`: a table notes the keys of what changed; `snapshot`: the agent remembers a hash of each record.',
        example: 'snapshot',
      },
      column: { shape: text, about: '`timestamp`: the column.', example: 'changed_at' },
      overlap: {
        shape: integer(0, 10_000_000),
        about:
          'Looked at again each time, for what was committed late: seconds for `timestamp` (default 300), numbers of the sequence for `tracking` (default 1000).',
        example: '300',
      },
      table: { shape: text, about: '`tracking`: the table.', example: 'ems.voter_changes' },
      sequence: {
        shape: text,
        about: '`tracking`: its column of ever higher whole numbers.',
        example: 'change_no',
      },
      key: {
        shape: { is: 'names' },
        about: '`tracking`: column of the table → column of the view that together are the key of a record.',
        example: '{ voter_id: reg_no }',
      },
      operation: {
        shape: text,
        about:
          '`tracking`: its column that says what was done. Without it, what the view no longer has was deleted.',
        example: 'op',
      },
      deletes: {
        shape: { is: 'texts' },
        about: '`tracking`: words of that column for a deletion.',
        example: '[D]',
      },
      deletions: {
        shape: choice('send', 'ignore'),
        fallback: 'send',
        about: '`tracking`, `snapshot`: whether deletions are sent.',
        example: 'send',
      },
      delete_share_max: {
        shape: { is: 'share' },
        fallback: 0.1,
        about:
          '`snapshot`: nothing is sent when a larger share of the records sent before is gone (and more than 20): a view that lost its rows must not empty the centre.',
        example: '0.1',
      },
    },
  },
  check: {
    title: 'Checking before sending',
    keys: {
      mode: {
        shape: choice('report', 'stop', 'off'),
        fallback: 'report',
        about:
          '`report`: the agent’s log tells what the centre will find; `stop`: nothing is sent when too many records have errors; `off`: no check.',
        example: 'stop',
      },
      share_max: {
        shape: { is: 'share' },
        fallback: 0.1,
        about: '`stop`: share of records with errors that is let through.',
        example: '0.05',
      },
    },
  },
}
