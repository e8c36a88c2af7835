import type { DigestView } from './digest-view.ts'

const counts = { received: 120, accepted: 100, accepted_with_errors: 15, rejected: 5 }

/** A mail with everything in it, by which templates are tried. */
const full: DigestView = {
  partner: { id: 'alder', name: 'Alder Police Department' },
  exchange: { id: 'stops', title: 'Stops', zone: 'UTC' },
  frequency: 'daily',
  url: 'https://exchange.example',
  all_test: false,
  test_intakes: 1,
  totals: { intakes: 40, files: { total: 3, refused: 1 }, records: counts },
  intakes: [
    {
      intake: '20260302120000-STOPS-AAAAAAAA',
      test: true,
      at: '2026-03-02 12:00',
      folder: 'stops/TEST/OUTPUT',
      link: 'https://exchange.example/v1/intakes/20260302120000-STOPS-AAAAAAAA',
      files: {
        total: 3,
        refused_total: 8,
        refused: [{ name: 'stops.doc', code: 'FILE_NAME_WRONG', reason: 'The name does not fit.' }],
        refused_more: 7,
      },
      records: counts,
      reports: ['20260302120000-STOPS-AAAAAAAA_log.txt'],
      reports_more: 2,
      codes: [{ code: 'F001R', count: 12 }],
    },
  ],
  intakes_more: 39,
}

/** Views by which templates are tried before they are used: everything there, and as little as there can be. */
export const DIGEST_SAMPLES: readonly DigestView[] = [
  full,
  { ...full, url: null, test_intakes: 0, intakes: [], intakes_more: 0 },
  {
    ...full,
    url: null,
    all_test: true,
    intakes: full.intakes.map((intake) => ({
      ...intake,
      test: false,
      link: null,
      files: { total: 1, refused_total: 0, refused: [], refused_more: 0 },
      reports: [],
      reports_more: 0,
      codes: [],
    })),
    intakes_more: 0,
  },
]
