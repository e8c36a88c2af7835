import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'

export interface ListedKey {
  readonly fingerprint: string
  readonly title: string
  readonly addedAt: string
}

/** Keys by name and fingerprint, each with what ends its use. */
export function KeyList({
  keys,
  none,
  end,
  endNamed,
  act,
}: {
  readonly keys: readonly ListedKey[]
  /** Said where there is none. */
  readonly none: string
  readonly end: string
  /** The same for readers of screens, with the name of the key. */
  readonly endNamed: (name: string) => string
  readonly act: (fingerprint: string) => void
}) {
  const t = useT()
  if (keys.length === 0) return <p className="quiet">{none}</p>
  return (
    <ul className="people__list">
      {keys.map(({ fingerprint, title, addedAt }) => (
        <li key={fingerprint}>
          <span>
            <strong>{title}</strong>
            <code className="people__print">{fingerprint}</code>
            <span className="table__under">
              {t('keys.added')} <Time at={addedAt} to="day" />
            </span>
          </span>
          <Button type="button" unstyled aria-label={endNamed(title)} onClick={() => act(fingerprint)}>
            {end}
          </Button>
        </li>
      ))}
    </ul>
  )
}
