import { choice, integer, list, number, type SectionSpec, section, text } from './shapes.ts'
import { DIFFERENCE_KINDS } from './words.ts'

/** What may be said of work items that partners are asked to settle, and of comparing files with the centre. */
export const MESSAGE_SECTIONS = {
  work_item: {
    title: 'A kind of work item',
    about: 'Something the centre asks a partner to settle about one of its records.',
    keys: {
      title: {
        shape: text(),
        fallbackIs: 'the name in words',
        about: 'What people call it.',
        example: 'Possible duplicate',
      },
      due_days: {
        shape: integer(1, 365),
        fallback: 5,
        about: 'Business days (Monday to Friday) in which it is to be answered.',
        example: '5',
      },
    },
  },
  reconcile: {
    title: 'Reconciliation',
    about:
      "A partner's whole file held against what the centre has, with a verdict for each category of records. Nothing is changed by it.",
    keys: {
      categories: {
        shape: list(section('reconcile_category'), 1, 50),
        fallbackIs: 'one category of all types, in which nothing may differ',
        about: 'Categories in the order in which they are to be put right. A type belongs to one of them.',
        example: '[{ category: registration, types: [voter], tolerance: [{ share: 0.001 }] }]',
      },
      fix_order: {
        shape: list(choice(...DIFFERENCE_KINDS), 1, DIFFERENCE_KINDS.length),
        fallback: DIFFERENCE_KINDS,
        about: 'In which order kinds of differences are listed, and to be put right; others follow.',
        example: '[only-partner, only-centre, different]',
      },
    },
  },
  reconcile_category: {
    title: 'A category of a reconciliation',
    about: 'Records that are counted together and have one tolerance.',
    keys: {
      category: {
        shape: text('name'),
        required: true,
        about: 'Name of the category.',
        example: 'registration',
      },
      title: {
        shape: text(),
        fallbackIs: 'the name in words',
        about: 'What people call it.',
        example: 'Registration',
      },
      types: {
        shape: list(text('name'), 1, 50),
        fallbackIs: 'every type that no other category names',
        about: 'Record types that belong to it.',
        example: '[voter]',
      },
      tolerance: {
        shape: list(section('tolerance'), 0, 20),
        fallback: [],
        about:
          'How much may differ, by the number of records at the centre: the first band that fits counts. Without one nothing may differ.',
        example: '[{ up_to: 5000, differences: 5 }, { share: 0.001 }]',
      },
    },
  },
  tolerance: {
    title: 'A tolerance band',
    about: 'Where both are given, the larger of the two counts.',
    keys: {
      up_to: {
        shape: integer(0, 1_000_000_000),
        fallbackIs: 'any number',
        about: 'Largest number of records at the centre for which the band counts.',
        example: '5000',
      },
      differences: {
        shape: integer(0, 1_000_000_000),
        fallback: 0,
        about: 'So many records may differ.',
        example: '5',
      },
      share: {
        shape: number(0, 1),
        fallback: 0,
        about: 'Share of the records that may differ.',
        example: '0.001',
      },
    },
  },
} as const satisfies Record<string, SectionSpec>
