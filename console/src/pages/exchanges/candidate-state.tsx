import type { Candidate } from '../../api/exchanges-queries.ts'
import { useT } from '../../app/text.tsx'

const TONES: Readonly<Record<Candidate['state'], string>> = {
  wrong: 'bad',
  checked: 'wait',
  coming: 'busy',
  'in-force': 'good',
  past: 'wait',
  withdrawn: 'wait',
}

/** Where a version stands, in a word. */
export function CandidateState({ state }: { readonly state: Candidate['state'] }) {
  const t = useT()
  return <span className={`state state--${TONES[state]}`}>{t(`candidate.state.${state}`)}</span>
}
