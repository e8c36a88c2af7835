import { useQuery } from '@tanstack/react-query'
import { api, dataOf } from '../../api/client.ts'
import { sshKeysQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { KeyForm } from './key-form.tsx'
import { KeyList } from './key-list.tsx'

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
      ) : (
        <KeyList
          keys={data}
          none={t('keys.noSsh')}
          end={t('people.remove')}
          endNamed={(name) => t('people.removeNamed', { name })}
          act={(fingerprint) => remove.mutate(fingerprint)}
        />
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
