import { useQuery } from '@tanstack/react-query'
import { api, dataOf } from '../../api/client.ts'
import { sshKeysQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { KeyForm } from './key-form.tsx'

/** Keys that sign an account in to the file server. */
export function SshKeys({ name }: { readonly name: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(sshKeysQuery(name))
  const add = usePeopleChange((publicKey: string) =>
    dataOf(api.POST('/v1/accounts/{name}/ssh-keys', { params: { path: { name } }, body: { publicKey } })),
  )
  const remove = usePeopleChange((fingerprint: string) =>
    dataOf(
      api.DELETE('/v1/accounts/{name}/ssh-keys/{fingerprint}', { params: { path: { name, fingerprint } } }),
    ),
  )
  const problem = error ?? remove.error
  return (
    <Section title={t('keys.ssh')}>
      {problem === null ? null : <Failure problem={problem} again={refetch} />}
      {data === undefined ? (
        <Skeleton lines={2} />
      ) : data.length === 0 ? (
        <p className="quiet">{t('keys.noSsh')}</p>
      ) : (
        <ul className="people__list">
          {data.map(({ fingerprint, title, addedAt }) => (
            <li key={fingerprint}>
              <span>
                <strong>{title}</strong>
                <code className="people__print">{fingerprint}</code>
                <span className="table__under">
                  {t('keys.added')} <Time at={addedAt} to="day" />
                </span>
              </span>
              <Button
                type="button"
                unstyled
                aria-label={t('people.removeNamed', { name: title })}
                onClick={() => remove.mutate(fingerprint)}
              >
                {t('people.remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <KeyForm
        id="ssh-key"
        label={t('keys.addSsh')}
        hint={t('keys.addSshHint')}
        busy={add.isPending}
        problem={add.error}
        add={(text, done) => add.mutate(text, { onSuccess: done })}
      />
    </Section>
  )
}
