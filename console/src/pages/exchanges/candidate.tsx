import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { type Candidate, candidateQuery, differencesQuery } from '../../api/exchanges-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Count } from '../../components/number.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Activation } from './candidate-activation.tsx'
import { Shadow } from './candidate-shadow.tsx'
import { CandidateState } from './candidate-state.tsx'
import { ExchangeFrame } from './frame.tsx'

const FROM = '/exchanges/$exchange/versions/$candidate'
const REFRESH_MS = 1_000

/** One new version: its problems; what it changes, in words and in effect; and putting it in force. */
export function CandidatePage() {
  const { exchange, candidate } = useParams({ from: FROM })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.candidates">
      {() => <Found exchange={exchange} number={Number(candidate)} />}
    </ExchangeFrame>
  )
}

function Found({ exchange, number }: { readonly exchange: string; readonly number: number }) {
  const t = useT()
  const { data, error, refetch } = useQuery({
    ...candidateQuery(exchange, number),
    refetchInterval: ({ state }) => (state.data?.shadow?.state === 'running' ? REFRESH_MS : false),
  })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={12} />
  return (
    <>
      <Section title={data.fileName} aside={<CandidateState state={data.state} />}>
        <p className="quiet">
          {t('candidates.number', { number })} · {data.uploadedBy} · <Time at={data.uploadedAt} />
          {data.reason === null ? '' : ` · ${data.reason}`}
          {data.withdrawnReason === null ? '' : ` · ${data.withdrawnReason}`}
        </p>
        {data.problems.length === 0 ? (
          <p className="calm">{t('candidate.sound')}</p>
        ) : (
          <Problems problems={data.problems} />
        )}
      </Section>
      {data.hash === '' ? null : (
        <>
          <Section title={t('candidate.differences')}>
            <Differences exchange={exchange} number={number} />
          </Section>
          <Section title={t('candidate.shadow')}>
            <Shadow candidate={data} />
          </Section>
          <Section title={t('candidate.activate')}>
            <Activation candidate={data} />
          </Section>
        </>
      )}
    </>
  )
}

function Problems({ problems }: { readonly problems: Candidate['problems'] }) {
  const t = useT()
  return (
    <>
      <p className="note note--bad">{t('candidate.problems', { count: problems.length })}</p>
      <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
        <caption className="usa-sr-only">{t('candidate.problems', { count: problems.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('candidate.file')}</th>
            <th scope="col" className="num">
              {t('candidate.line')}
            </th>
            <th scope="col">{t('check.found')}</th>
            <th scope="col">{t('candidate.fix')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ file, line, column, code, message, fix }) => (
            <tr key={`${file} ${line} ${column} ${code} ${message}`}>
              <th scope="row" data-label={t('candidate.file')}>
                <code>{file}</code>
              </th>
              <td className="num" data-label={t('candidate.line')}>
                <Count value={line} />
              </td>
              <td className="cell--whole">{message}</td>
              <td className="cell--whole">{fix}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Differences({ exchange, number }: { readonly exchange: string; readonly number: number }) {
  const t = useT()
  const { after } = useSearch({ from: FROM })
  const { data, error, refetch } = useQuery({
    ...differencesQuery(exchange, number, after),
    placeholderData: keepPreviousData,
  })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={5} />
  if (data.items.length === 0) return <p className="quiet">{t('candidate.same')}</p>
  return (
    <>
      <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
        <caption className="usa-sr-only">{t('candidate.differences')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('candidate.where')}</th>
            <th scope="col">{t('candidate.change')}</th>
            <th scope="col">{t('candidate.now')}</th>
            <th scope="col">{t('candidate.then')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((one) => (
            <tr key={one.place}>
              <th scope="row" data-label={t('candidate.where')}>
                {one.place}
              </th>
              <td data-label={t('candidate.change')}>{t(`candidate.change.${one.change}`)}</td>
              <td className="cell--whole" data-label={t('candidate.now')}>
                <code>{one.before ?? ''}</code>
              </td>
              <td className="cell--whole" data-label={t('candidate.then')}>
                <code>{one.after ?? ''}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {after === undefined && data.next === null ? null : (
        <nav className="paging" aria-label={t('paging.label')}>
          {after === undefined ? (
            <span />
          ) : (
            <Link from={FROM} to="." search={{}}>
              {t('codes.first')}
            </Link>
          )}
          {data.next === null ? null : (
            <Link from={FROM} to="." search={{ after: data.next }}>
              {t('codes.next')}
            </Link>
          )}
        </nav>
      )}
    </>
  )
}
