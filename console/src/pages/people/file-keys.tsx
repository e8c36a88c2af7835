import { useQuery } from '@tanstack/react-query'
import { api, dataOf } from '../../api/client.ts'
import { fileKeysQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { KeyForm } from './key-form.tsx'
import { KeyList } from './key-list.tsx'

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
      ) : (
        <KeyList
          keys={data.map(({ userId, ...key }) => ({ ...key, title: userId }))}
          none={t('keys.noFiles')}
          end={t('keys.retire')}
          endNamed={(name) => t('keys.retireNamed', { name })}
          act={(fingerprint) => retire.mutate(fingerprint)}
        />
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
