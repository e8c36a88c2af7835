import { useT } from '../app/text.tsx'
import { Time } from '../app/time.tsx'
import { sentence } from '../components/states.tsx'
import type { DraftState } from './use-draft.ts'

/** Whether what was written is kept. */
export function DraftLine({ state, again }: { readonly state: DraftState; readonly again: () => unknown }) {
  const t = useT()
  if (state.kind === 'failed')
    return (
      <p className="bar__state bar__state--bad" role="alert">
        {t('draft.failed')} {sentence(state.problem, t)}{' '}
        <button type="button" className="link" onClick={() => again()}>
          {t('state.again')}
        </button>
      </p>
    )
  return (
    <p className="bar__state" role="status">
      {state.kind === 'saved' ? (
        <>
          {t('draft.saved')} <Time at={state.at} to="second" />
        </>
      ) : state.kind === 'none' ? (
        t('draft.about')
      ) : (
        t('draft.saving')
      )}
    </p>
  )
}
