import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import type { RecordPlace } from '../../api/records-queries.ts'
import { useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'

interface Props {
  readonly place: RecordPlace
  readonly asOf: string | undefined
}

/** Asks for the record as it stood at a time of the viewer's zone. */
export function AsOf({ place, asOf }: Props) {
  const { t, language } = useTexts()
  const navigate = useNavigate()
  const [at, setAt] = useState(localOf(asOf))
  useEffect(() => setAt(localOf(asOf)), [asOf])
  const send = (event: FormEvent) => {
    event.preventDefault()
    const time = new Date(at)
    if (Number.isNaN(time.getTime())) return
    void navigate({
      to: '/records/$exchange/$type/$id',
      params: place,
      search: { asOf: time.toISOString() },
    })
  }
  return (
    <form className="as-of" onSubmit={send}>
      <label htmlFor="as-of">{t('record.asOf', { zone: zoneName(language) })}</label>
      <span className="as-of__row">
        <input
          id="as-of"
          className="usa-input"
          type="datetime-local"
          step="1"
          required
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
        <Button type="submit" outline>
          {t('record.asOfShow')}
        </Button>
      </span>
    </form>
  )
}

/** Says that this is not the record as it stands now. */
export function Then({ place, asOf }: { readonly place: RecordPlace; readonly asOf: string }) {
  const { t } = useTexts()
  return (
    <p className="note note--warn">
      {t('record.then')} <Time at={asOf} to="second" />.{' '}
      <Link to="/records/$exchange/$type/$id" params={place} search={{}}>
        {t('record.now')}
      </Link>
    </p>
  )
}

/** As the field for a time wants it: in the viewer's zone, to the second. */
function localOf(asOf: string | undefined): string {
  if (asOf === undefined) return ''
  const at = new Date(asOf)
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 19)
}
