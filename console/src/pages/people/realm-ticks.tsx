import type { Realm } from '../../api/client.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'

const REALMS: readonly Realm[] = ['live', 'test']

/** Live data, test data or both, as far as one works there oneself. */
export function RealmTicks({
  realms,
  set,
}: {
  readonly realms: readonly Realm[]
  readonly set: (realms: readonly Realm[]) => void
}) {
  const t = useT()
  const { me } = useSession()
  return (
    <fieldset className="people__ticks">
      <legend>{t('realm.label')}</legend>
      <div className="people__boxes">
        {REALMS.filter((one) => me.centre || me.realms.includes(one) || realms.includes(one)).map((realm) => (
          <label key={realm} className="people__tick">
            <input
              type="checkbox"
              checked={realms.includes(realm)}
              onChange={(event) =>
                set(event.target.checked ? [...realms, realm] : realms.filter((one) => one !== realm))
              }
            />
            {t(`realm.${realm}`)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
