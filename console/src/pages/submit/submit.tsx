import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { exchangesQuery } from '../../api/queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Checked } from './checked.tsx'
import { DropZone } from './drop-zone.tsx'
import { Send } from './send.tsx'
import { useCheck } from './use-check.ts'

/** Choose a file, see what is wrong with it before anything leaves, then send it. */
export function Submit() {
  const t = useT()
  const { may } = useSession()
  const { data, error, refetch } = useQuery(exchangesQuery())
  const mine = data?.filter(({ exchange }) => may('submit', exchange))
  return (
    <Page title={t('submit.title')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : mine === undefined ? (
        <Skeleton lines={6} />
      ) : mine.length === 0 ? (
        <Empty title={t('submit.nothing')} />
      ) : (
        <Steps exchanges={mine} />
      )}
    </Page>
  )
}

interface Exchange {
  readonly exchange: string
  readonly title: string
  readonly refreshAllowed: boolean
}

function Steps({ exchanges }: { readonly exchanges: readonly Exchange[] }) {
  const t = useT()
  const { realm } = useRealm()
  const [chosen, setChosen] = useState(exchanges[0]?.exchange ?? '')
  const [file, setFile] = useState<File | null>(null)
  const exchange = exchanges.find((one) => one.exchange === chosen)
  const check = useCheck(file, chosen)
  return (
    <>
      {exchanges.length < 2 ? (
        <p className="submit__exchange">{exchange?.title}</p>
      ) : (
        <div className="submit__choose">
          <label htmlFor="exchange">{t('submission.exchange')}</label>
          <select
            id="exchange"
            className="usa-select"
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
          >
            {exchanges.map(({ exchange: name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </div>
      )}
      <DropZone file={file} choose={setFile} />
      {file === null ? null : (
        <>
          <Checked check={check} fileName={file.name} />
          {exchange === undefined ? null : (
            <Send
              key={`${file.name} ${file.lastModified}`}
              file={file}
              exchange={exchange}
              realm={realm}
              check={check}
            />
          )}
        </>
      )}
    </>
  )
}
