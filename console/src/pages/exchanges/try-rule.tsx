import { useMutation } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { api, dataOf } from '../../api/client.ts'
import type { paths } from '../../api/schema.ts'
import { type TextKey, useT } from '../../app/text.tsx'
import { Button, ErrorAlert, TextField } from '../../components/controls.tsx'
import { Count } from '../../components/number.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { ExchangeFrame } from './frame.tsx'
import { TypePick, typeIn } from './pickers.tsx'

/** A rule as it is being written, tried on pasted records. Nothing is stored. */
export function TryRule() {
  const { exchange } = useParams({ from: '/exchanges/$exchange/try' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.try">
      {(definition) => <Trial definition={definition} />}
    </ExchangeFrame>
  )
}

type Result =
  paths['/v1/exchanges/{exchange}/rules/try']['post']['responses'][200]['content']['application/json']

function Trial({ definition }: { readonly definition: Definition }) {
  const t = useT()
  const { exchange } = definition
  const [typeName, choose] = useState<string | undefined>(undefined)
  const [data, paste] = useState('')
  const type = typeIn(definition, typeName)
  const { mutate, data: result, error, isPending } = useMutation({
    mutationFn: (body: {
      readonly rule: string
      readonly when: string | null
      readonly each: string | null
      readonly data: string
      readonly type: string
    }) => dataOf(api.POST('/v1/exchanges/{exchange}/rules/try', { params: { path: { exchange } }, body })),
  })
  if (type === undefined) return null
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    mutate({
      rule: text('rule'),
      when: text('when') || null,
      each: text('each') || null,
      data,
      type: type.name,
    })
  }
  const example = async () => {
    const response = await fetch(`/v1/exchanges/${exchange}/template.json?type=${type.name}`)
    if (response.ok) paste(await response.text())
  }
  return (
    <>
      <p className="lead quiet">{t('try.about')}</p>
      <form className="form-wide" onSubmit={send}>
        <TypePick definition={definition} type={type} set={choose} />
        <label className="usa-label" htmlFor="rule">
          {t('try.rule')}
        </label>
        <span className="usa-hint" id="rule-hint">
          {t('try.ruleHint')}
        </span>
        <textarea
          id="rule"
          name="rule"
          className="usa-textarea paste paste--short"
          aria-describedby="rule-hint"
          required
          rows={3}
          spellCheck={false}
        />
        <TextField id="when" label={t('try.when')} hint={t('try.whenHint')} spellCheck={false} />
        <TextField id="each" label={t('try.each')} hint={t('try.eachHint')} spellCheck={false} />
        <label className="usa-label" htmlFor="data">
          {t('try.data')}
        </label>
        <span className="usa-hint" id="data-hint">
          {t('try.dataHint')}{' '}
          <button type="button" className="link" onClick={() => void example()}>
            {t('try.example')}
          </button>
        </span>
        <textarea
          id="data"
          className="usa-textarea paste"
          aria-describedby="data-hint"
          required
          rows={12}
          spellCheck={false}
          value={data}
          onChange={(event) => paste(event.target.value)}
        />
        <Button type="submit" disabled={isPending}>
          {t('try.try')}
        </Button>
      </form>
      {error === null ? null : <Failure problem={error} />}
      {result === undefined ? null : <Outcome result={result} />}
    </>
  )
}

const PARTS: Readonly<Record<'rule' | 'when' | 'each', TextKey>> = {
  rule: 'try.rule',
  when: 'try.when',
  each: 'try.each',
}
const TONES = { holds: 'good', fails: 'bad', skipped: 'wait' } as const

function Outcome({ result }: { readonly result: Result }) {
  const t = useT()
  const { problem, counts, records } = result
  if (problem !== null)
    return (
      <ErrorAlert
        title={t('try.wrong', {
          part: t(PARTS[problem.part]),
          line: problem.line,
          column: problem.column,
        })}
      >
        {problem.message}
      </ErrorAlert>
    )
  return (
    <Section title={t('try.result')}>
      <dl className="figures">
        {(['received', 'holds', 'fails', 'skipped'] as const).map((name) => (
          <div key={name} className="figures__one">
            <dt>{t(`try.count.${name}`)}</dt>
            <dd>
              <Count value={counts[name]} warn={name === 'fails'} />
            </dd>
          </div>
        ))}
      </dl>
      {records.length === 0 ? null : (
        <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
          <caption className="usa-sr-only">{t('try.result')}</caption>
          <thead>
            <tr>
              <th scope="col" className="num">
                {t('findings.position')}
              </th>
              <th scope="col">{t('findings.key')}</th>
              <th scope="col">{t('try.result')}</th>
              <th scope="col">{t('try.places')}</th>
              <th scope="col">{t('try.others')}</th>
            </tr>
          </thead>
          <tbody>
            {records.map((one) => (
              <tr key={one.position}>
                <th scope="row" className="num" data-label={t('findings.position')}>
                  <Count value={one.position} />
                </th>
                <td data-label={t('findings.key')}>{one.key ?? ''}</td>
                <td className="cell--plain">
                  <span className={`state state--${TONES[one.result]}`}>{t(`try.is.${one.result}`)}</span>
                </td>
                <td data-label={t('try.places')}>
                  <code>{one.places.join(', ')}</code>
                </td>
                <td className="cell--whole" data-label={t('try.others')}>
                  {one.findings.map(({ code, message }) => `${code}: ${message}`).join(' ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
