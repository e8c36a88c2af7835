import type { Submission } from '../api/client.ts'
import { useT } from '../app/text.tsx'

type State = Submission['state']

const TONES: Readonly<Record<State, string>> = {
  queued: 'wait',
  surveying: 'busy',
  held: 'warn',
  processing: 'busy',
  completed: 'good',
  incomplete: 'bad',
  refused: 'bad',
  cancelled: 'wait',
}

/** Where a submission stands, in a word; never by colour alone. */
export function StateTag({ state }: { readonly state: State }) {
  const t = useT()
  return <span className={`state state--${TONES[state]}`}>{t(`submission.state.${state}`)}</span>
}
