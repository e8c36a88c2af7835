import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { problemOf } from '../../api/client.ts'
import { type Candidate, candidatesQuery } from '../../api/exchanges-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { CandidateState } from './candidate-state.tsx'
import { ExchangeFrame } from './frame.tsx'

/** New versions of a definition: those that were uploaded, and uploading another. */
export function ExchangeCandidates() {
  const t = useT()
  const { exchange } = useParams({ from: '/exchanges/$exchange/versions' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.candidates">
      {() => (
        <>
          <Section title={t('candidates.upload')}>
            <Upload exchange={exchange} />
          </Section>
          <Section title={t('candidates.before')}>
            <Uploaded exchange={exchange} />
          </Section>
        </>
      )}
    </ExchangeFrame>
  )
}

function Upload({ exchange }: { readonly exchange: string }) {
  const t = useT()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [file, choose] = useState<File | null>(null)
  const { mutate, error, isPending } = useMutation({
    mutationFn: (archive: File) => upload(exchange, archive),
    onSuccess: async ({ candidate }) => {
      await queries.invalidateQueries({ queryKey: ['exchange', exchange, 'candidates'] })
      await navigate({
        to: '/exchanges/$exchange/versions/$candidate',
        params: { exchange, candidate: String(candidate) },
      })
    },
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (file !== null) mutate(file)
  }
  return (
    <>
      <p className="lead quiet">{t('candidates.uploadAbout')}</p>
      <form className="form-line" onSubmit={send}>
        <div>
          <label className="usa-label" htmlFor="archive">
            {t('candidates.archive')}
          </label>
          <input
            id="archive"
            type="file"
            accept=".zip,application/zip"
            className="file-choice"
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
        </div>
        <Button type="submit" disabled={file === null || isPending}>
          {t('candidates.check')}
        </Button>
      </form>
      {error === null ? null : <Failure problem={error} />}
    </>
  )
}

async function upload(exchange: string, file: File): Promise<Candidate> {
  const response = await fetch(`/v1/exchanges/${exchange}/candidates`, {
    method: 'POST',
    headers: {
      'content-type': 'application/zip',
      'x-file-name': encodeURIComponent(file.name),
      'x-requested-with': 'tributary',
    },
    body: file,
  })
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw problemOf(response.status, answer)
  return answer as Candidate
}

function Uploaded({ exchange }: { readonly exchange: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(candidatesQuery(exchange))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={4} />
  if (data.length === 0) return <Empty title={t('candidates.none')} />
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('candidates.before')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('codes.version')}</th>
          <th scope="col">{t('submission.state')}</th>
          <th scope="col">{t('candidates.uploaded')}</th>
          <th scope="col">{t('candidates.inForce')}</th>
          <th scope="col">{t('crosswalks.reason')}</th>
        </tr>
      </thead>
      <tbody>
        {data.map((one) => (
          <tr key={one.candidate}>
            <th scope="row" data-label={t('codes.version')}>
              <Link
                to="/exchanges/$exchange/versions/$candidate"
                params={{ exchange, candidate: String(one.candidate) }}
                className="table__main"
              >
                {one.fileName}
              </Link>
              <span className="table__under">{t('candidates.number', { number: one.candidate })}</span>
            </th>
            <td className="cell--plain">
              <CandidateState state={one.state} />
            </td>
            <td data-label={t('candidates.uploaded')}>
              <Time at={one.uploadedAt} />
              <span className="table__under">{one.uploadedBy}</span>
            </td>
            <td data-label={t('candidates.inForce')}>
              {one.activateAt === null ? <span className="quiet">–</span> : <Time at={one.activateAt} />}
            </td>
            <td className="cell--whole">{one.withdrawnReason ?? one.reason ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
