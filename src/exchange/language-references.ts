import { choice, list, type SectionSpec, section, text } from './shapes.ts'

/** What may be said of references between records, and of how a type is kept in step with its sender. */
export const REFERENCE_SECTIONS = {
  reference: {
    title: 'A reference',
    about:
      "A record names another record by that record's key. Where a part of the key is absent, nothing is referred to. In a list, each item refers.",
    keys: {
      name: {
        shape: text('name'),
        fallbackIs: 'the name of the field, or of the type it leads to',
        about: 'Name of the reference, unique in its type.',
        example: 'voter',
      },
      type: {
        shape: text('name'),
        required: true,
        about: 'Type of the record it leads to.',
        example: 'voter',
      },
      exchange: {
        shape: text('exchange'),
        fallbackIs: 'this exchange',
        about:
          'Exchange of that record: another one, where the record belongs to the same owner (or to the centre) and is live or test as this one is.',
        example: 'voter',
      },
      key: {
        shape: list(text('field_path'), 1, 8),
        fallbackIs: 'the field that the reference is part of',
        about:
          'Fields that hold the key of the other record, in the order of its key; named from the record down.',
        example: '[county, voter_id]',
      },
      on_missing: {
        shape: choice('reject', 'wait', 'accept'),
        fallback: 'reject',
        about:
          'What becomes of a record whose target is not there: refused (`reject`), stored with an error that disappears when the target comes (`wait`), or stored (`accept`).',
        example: 'wait',
      },
      on_delete: {
        shape: choice('restrict', 'cascade', 'keep'),
        fallback: 'restrict',
        about:
          'What deleting the target does: it is refused (`restrict`), this record is deleted too (`cascade`), or this record stays as it is (`keep`).',
        example: 'cascade',
      },
      code: {
        shape: text('finding_code'),
        fallback: 'NO_TARGET',
        about: 'Finding code where the target is not there.',
        example: 'V201',
      },
      message: {
        shape: text(),
        fallbackIs: 'a sentence of ours',
        about: 'The sentence.',
        example: 'The voter is not known.',
      },
      in_use: {
        shape: section('fatal_text'),
        fallbackIs: '`IN_USE` and a sentence of ours',
        about: 'With `on_delete: restrict`: what is told where the target cannot be deleted.',
        example: '{ code: V202, message: The voter has votes. }',
      },
    },
  },
  sync: {
    title: 'Synchronisation of a type',
    about:
      'What becomes of records that are new, changed or missing. All defaults: the centre holds what the sender holds. `changed: reject` takes new records only; with `missing: delete` a full refresh replaces the set.',
    keys: {
      new: {
        shape: choice('accept', 'reject'),
        fallback: 'accept',
        about: 'A record that is not stored.',
        example: 'reject',
      },
      changed: {
        shape: choice('accept', 'reject'),
        fallback: 'accept',
        about: 'A stored record with other content. One with the same content is unchanged, always.',
        example: 'reject',
      },
      missing: {
        shape: choice('delete', 'keep'),
        fallback: 'delete',
        about: 'A stored record that a full refresh does not name.',
        example: 'keep',
      },
      new_refused: {
        shape: section('fatal_text'),
        fallbackIs: '`NEW_REFUSED` and a sentence of ours',
        about: 'What is told with `new: reject`.',
        example: '{ code: P301, message: Precincts are made by the centre. }',
      },
      changed_refused: {
        shape: section('fatal_text'),
        fallbackIs: '`CHANGED_REFUSED` and a sentence of ours',
        about: 'What is told with `changed: reject`.',
        example: '{ code: P302, message: A vote is recorded once. }',
      },
    },
  },
} as const satisfies Record<string, SectionSpec>
