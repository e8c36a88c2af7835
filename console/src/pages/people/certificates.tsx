import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { certificatesQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Sure } from '../../components/sure.tsx'
import { useAdminText } from '../../text/use-admin.ts'

const pathOf = (name: string, fingerprint: string) => ({ params: { path: { name, fingerprint } } })

/** Client certificates that sign a machine in to the API in place of a token. */
export function Certificates({ name }: { readonly name: string }) {
  const t = useT()
  const text = useAdminText()
  const { data, error, refetch } = useQuery(certificatesQuery(name))
  const remove = usePeopleChange((fingerprint: string) =>
    dataOf(api.DELETE('/v1/accounts/{name}/certificates/{fingerprint}', pathOf(name, fingerprint))),
  )
  const problem = error ?? remove.error
  return (
    <Section title={text('cert.title')}>
      {problem === null ? null : <Failure problem={problem} again={refetch} />}
      {data === undefined ? (
        <Skeleton lines={2} />
      ) : data.length === 0 ? (
        <p className="quiet">{text('cert.none')}</p>
      ) : (
        <ul className="people__list">
          {data.map((fingerprint) => (
            <li key={fingerprint}>
              <span>
                <code className="people__print">{fingerprint}</code>
              </span>
              <Sure
                label={t('people.remove')}
                title={text('cert.removeSure')}
                disabled={remove.isPending}
                act={() => remove.mutate(fingerprint)}
              >
                {text('cert.removeAbout')} <code className="people__secret">{fingerprint}</code>
              </Sure>
            </li>
          ))}
        </ul>
      )}
      <BindCertificate name={name} />
    </Section>
  )
}

function BindCertificate({ name }: { readonly name: string }) {
  const t = useT()
  const text = useAdminText()
  const [fingerprint, setFingerprint] = useState('')
  const bind = usePeopleChange((plain: string) =>
    dataOf(api.PUT('/v1/accounts/{name}/certificates/{fingerprint}', pathOf(name, plain))),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    bind.mutate(fingerprint.replaceAll(':', '').trim(), { onSuccess: () => setFingerprint('') })
  }
  return (
    <details className="more">
      <summary>{text('cert.add')}</summary>
      <form className="people__form" onSubmit={submit}>
        {bind.error === null ? null : <Failure problem={bind.error} />}
        <TextField
          id="certificate"
          label={text('cert.fingerprint')}
          hint={text('cert.hint')}
          type="text"
          required
          pattern="\s*([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}\s*"
          autoComplete="off"
          spellCheck={false}
          value={fingerprint}
          onChange={(event) => setFingerprint(event.target.value)}
        />
        <Button type="submit" disabled={bind.isPending}>
          {t('people.add')}
        </Button>
      </form>
    </details>
  )
}
