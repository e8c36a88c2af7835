import { choice, either, integer, list, type SectionSpec, section, text } from './shapes.ts'

/** What `files` in `exchange.yaml` may hold. */
export const FILE_SECTIONS = {
  files: {
    title: 'Files',
    about: 'How files come in by SFTP and drop folder, what they are called, and where reports are put.',
    keys: {
      root: {
        shape: either(text('folder'), text('empty')),
        fallbackIs: 'the name of the exchange',
        about: 'Folder of the exchange in the tree of a partner; `""` puts its folders at the top.',
        example: '""',
      },
      live: {
        shape: text('folder'),
        fallback: 'PROD',
        about: 'Folder of records that count.',
        example: 'PROD',
      },
      test: {
        shape: text('folder'),
        fallback: 'TEST',
        about: 'Folder of records that are kept apart, for trying out.',
        example: 'TEST',
      },
      input: {
        shape: list(text('folder'), 1, 20),
        fallback: ['INPUT'],
        about: 'Folders, below those, from which files are picked up.',
        example: '[incoming/JSON, incoming/XML]',
      },
      output: {
        shape: text('folder'),
        fallback: 'OUTPUT',
        about: 'Folder in which reports are put.',
        example: 'responses',
      },
      archive: {
        shape: text('folder'),
        fallback: 'ARCHIVE',
        about: 'Folder in which the originals are kept.',
        example: 'ARCHIVE',
      },
      archive_days: {
        shape: integer(0, 36_500),
        fallback: 90,
        about: 'Days that an original is kept there.',
        example: '30',
      },
      names: {
        shape: list(section('file_name'), 0, 50),
        fallbackIs: 'any name, with one record or many',
        about: 'What files are called. A file whose name fits none is refused, with a reason.',
        example: "[{ pattern: '{time}_{ori}', formats: [csv], records: many }]",
      },
      stable_seconds: {
        shape: integer(0, 86_400),
        fallback: 10,
        about: 'A file in a drop folder is complete when it has not changed for so long.',
        example: '60',
      },
      gather_seconds: {
        shape: integer(0, 86_400),
        fallback: 10,
        about: 'Files that follow each other within this time are reported together.',
        example: '300',
      },
      incomplete_minutes: {
        shape: integer(1, 100_000),
        fallback: 60,
        about: 'An upload that is still incomplete after so long is reported and not processed.',
        example: '120',
      },
      checksum: {
        shape: choice('none', 'optional', 'required'),
        fallback: 'optional',
        about: 'Whether a file `<name>.sha256` or `<name>.md5` beside it is held against it.',
        example: 'required',
      },
      calls: {
        shape: section('file_calls'),
        fallbackIs: 'none are',
        about: 'Calls with single records whose errors are also reported like those of files.',
        example: '{ applications: [LEAFTP], gather_minutes: 60 }',
      },
    },
  },
  file_name: {
    title: 'A file name',
    about:
      'In the pattern `{time}` stands for yyyyMMddHHmmss, `{any}` for any text, `{<field>}` for the value of a top-level field, which the records must then agree with.',
    keys: {
      pattern: {
        shape: text('file_pattern'),
        required: true,
        about: 'The name without its extension.',
        example: "'{time}_{ori}_{lea_record_id}'",
      },
      formats: {
        shape: list(choice('csv', 'xlsx', 'xls', 'xml', 'json'), 1, 5),
        fallbackIs: 'all of them',
        about: 'Formats, by extension, that are called so.',
        example: '[json, xml]',
      },
      records: {
        shape: choice('one', 'many'),
        fallback: 'many',
        about: 'Whether such a file may hold more than one record.',
        example: 'one',
      },
    },
  },
  file_calls: {
    title: 'Collected calls',
    about: 'Which calls are collected, and for how long before they are reported.',
    keys: {
      applications: {
        shape: list(text('line'), 1, 50),
        required: true,
        about: 'Values of the header Calling Application that say so.',
        example: '[LEAFTP]',
      },
      gather_minutes: {
        shape: integer(0, 10_080),
        fallback: 60,
        about: 'So long are calls collected.',
        example: '1440',
      },
    },
  },
} as const satisfies Record<string, SectionSpec>
