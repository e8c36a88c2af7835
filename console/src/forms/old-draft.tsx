import type { Definition, RecordType } from '../../../src/exchange/definition.ts'
import type { Schemas } from '../api/client.ts'
import { useT } from '../app/text.tsx'
import { Time } from '../app/time.tsx'
import { Button } from '../components/controls.tsx'
import { Section } from '../components/page.tsx'
import { differences, leavesOf } from '../record/leaves.ts'
import { useWords } from '../record/words.ts'
import type { Tree } from './tree.ts'

/** The record was changed after the draft was begun: both are shown, and the person says which to go on from. */
export function OldDraft({
  definition,
  type,
  record,
  draft,
  take,
  drop,
}: {
  readonly definition: Definition
  readonly type: RecordType
  readonly record: Schemas['Record']
  readonly draft: { readonly tree: Tree; readonly at: string }
  readonly take: () => void
  readonly drop: () => void
}) {
  const t = useT()
  const words = useWords()
  const leaves = (body: Tree) => leavesOf(type.fields, body, definition.lists, words)
  const differing = differences(leaves(record.body as Tree), leaves(draft.tree))
  return (
    <Section title={t('draft.old')}>
      <p className="note note--warn">
        {t('draft.oldAbout')} <Time at={draft.at} />
      </p>
      <div className="table-scroll">
        <table className="usa-table usa-table--borderless usa-table--stacked table">
          <caption className="usa-sr-only">{t('draft.old')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('findings.field')}</th>
              <th scope="col">{t('draft.record')}</th>
              <th scope="col">{t('draft.yours')}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map(({ path, label, before, after }) => (
              <tr key={path}>
                <th scope="row">{label}</th>
                <td data-label={t('draft.record')}>{before ?? '–'}</td>
                <td data-label={t('draft.yours')}>{after ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="decide__actions">
        <Button type="button" onClick={drop}>
          {t('draft.takeRecord')}
        </Button>
        <Button type="button" outline onClick={take}>
          {t('draft.takeDraft')}
        </Button>
      </div>
    </Section>
  )
}
