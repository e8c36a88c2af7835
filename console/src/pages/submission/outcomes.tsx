import type { Schemas } from '../../api/client.ts'
import { useT } from '../../app/text.tsx'
import { Count } from '../../components/number.tsx'
import { ShareBar } from '../../components/share-bar.tsx'

type Counts = Schemas['Counts']

const NAMES = ['created', 'updated', 'unchanged', 'deleted', 'rejected', 'filtered'] as const

/** What became of every record: received is the sum of the six. */
export function Outcomes({ counts }: { readonly counts: Counts }) {
  const t = useT()
  const parts = NAMES.map((name) => ({ name, label: t(`outcome.${name}`), value: counts[name] }))
  return (
    <section className="outcomes" aria-label={t('outcomes.title')}>
      <dl className="figures figures--sum">
        <div className="figures__one figures__one--whole">
          <dt>{t('outcomes.received')}</dt>
          <dd>
            <Count value={counts.received} />
          </dd>
        </div>
        {parts.map(({ name, label, value }) => (
          <div key={name} className={`figures__one figures__one--${name}`}>
            <dt>{label}</dt>
            <dd>
              <Count value={value} warn={name === 'rejected'} />
            </dd>
          </div>
        ))}
      </dl>
      <ShareBar parts={parts} />
      <p className="outcomes__more">
        {[
          counts.withErrors > 0 ? t('outcomes.withErrors', { count: counts.withErrors }) : '',
          counts.removed > 0 ? t('outcomes.removed', { count: counts.removed }) : '',
          counts.cascaded > 0 ? t('outcomes.cascaded', { count: counts.cascaded }) : '',
          counts.translated > 0 ? t('outcomes.translated', { count: counts.translated }) : '',
        ]
          .filter((text) => text !== '')
          .join(' · ')}
      </p>
    </section>
  )
}
