import { useQuery } from '@tanstack/react-query'
import { api, dataOf } from '../../api/client.ts'
import { fileKeysQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { KeyForm } from './key-form.tsx'

/** OpenPGP keys that a partner signs its files with. */
export function FileKeys({ partner }: { readonly partner: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(fileKeysQuery(partner))
  const add = usePeopleChange((publicKey: string) =>
    dataOf(
      api.POST('/v1/partners/{partner}/pgp-keys', { params: { path: { partner } }, body: { publicKey } }),
    ),
  )
  const retire = usePeopleChange((fingerprint: string) =>
    dataOf(
      api.DELETE('/v1/partners/{partner}/pgp-keys/{fingerprint}', {
        params: { path: { partner, fingerprint } },
      }),
    ),
  )
  const problem = error ?? retire.error
  return (
    <Section title={t('keys.files')}>
      {problem === null ? null : <Failure problem={problem} again={refetch} />}
      {data === undefined ? (
        <Skeleton lines={2} />
      ) : data.length === 0 ? (
        <p className="quiet">{t('keys.noFiles')}</p>
      ) : (
        <ul className="people__list">
          {data.map(({ fingerprint, userId, addedAt }) => (
            <li key={fingerprint}>
              <span>
                <strong>{userId}</strong>
                <code className="people__print">{fingerprint}</code>
                <span className="table__under">
                  {t('keys.added')} <Time at={addedAt} to="day" />
                </span>
              </span>
              <Button
                type="button"
                unstyled
                aria-label={t('keys.retireNamed', { name: userId })}
                onClick={() => retire.mutate(fingerprint)}
              >
                {t('keys.retire')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <KeyForm
        id="pgp-key"
        label={t('keys.addFile')}
        hint={t('keys.addFileHint')}
        busy={add.isPending}
        problem={add.error}
        add={(text, done) => add.mutate(text, { onSuccess: done })}
      />
    </Section>
  )
}
