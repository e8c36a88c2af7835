import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Definition, Filter, Rule } from '../../../../src/exchange/definition.ts'
import { useT } from '../../app/text.tsx'
import { Severity } from '../../components/finding.tsx'
import { Section } from '../../components/page.tsx'
import { Empty } from '../../components/states.tsx'
import { ExchangeFrame } from './frame.tsx'
import { Narrow, Pick, TypePick, typeIn } from './pickers.tsx'

const SEVERITIES = ['fatal', 'error', 'warning', 'info'] as const

/** The rules of a record type: the code and sentence a sender gets, and the condition that must hold. */
export function ExchangeRules() {
  const { exchange } = useParams({ from: '/exchanges/$exchange/rules' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.rules">
      {(definition) => <Rules definition={definition} />}
    </ExchangeFrame>
  )
}

function Rules({ definition }: { readonly definition: Definition }) {
  const t = useT()
  const search = useSearch({ from: '/exchanges/$exchange/rules' })
  const navigate = useNavigate({ from: '/exchanges/$exchange/rules' })
  const type = typeIn(definition, search.type)
  if (type === undefined) return null
  const wanted = (search.text ?? '').toLowerCase()
  const rules = type.rules.filter(
    (rule) =>
      (search.severity === undefined || rule.severity === search.severity) &&
      [rule.id, rule.code, rule.title, rule.message, rule.check].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
  )
  const set = (name: 'type' | 'severity' | 'text', value: string) => {
    const { [name]: _, ...others } = search
    navigate({ search: value === '' ? others : { ...others, [name]: value }, replace: name === 'text' })
  }
  return (
    <>
      <search className="filters" aria-label={t('filters.label')}>
        <TypePick definition={definition} type={type} set={(name) => set('type', name)} />
        <Narrow label={t('rules.narrow')} text={search.text ?? ''} set={(text) => set('text', text)} />
        <Pick
          id="severity"
          label={t('rules.severity')}
          value={search.severity ?? ''}
          set={(value) => set('severity', value)}
        >
          <option value="">{t('filters.all')}</option>
          {SEVERITIES.map((severity) => (
            <option key={severity} value={severity}>
              {t(`severity.${severity}`)}
            </option>
          ))}
        </Pick>
      </search>
      {rules.length === 0 ? (
        <Empty title={t(type.rules.length === 0 ? 'rules.noneStated' : 'rules.noneFound')} />
      ) : (
        <RuleTable rules={rules} />
      )}
      <Filters filters={type.filters} />
    </>
  )
}

function RuleTable({ rules }: { readonly rules: readonly Rule[] }) {
  const t = useT()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('exchanges.rules')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('rules.rule')}</th>
          <th scope="col">{t('rules.severity')}</th>
          <th scope="col">{t('rules.sentence')}</th>
          <th scope="col">{t('rules.condition')}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.id}>
            <th scope="row" data-label={t('rules.rule')}>
              <code className="table__main">{rule.code}</code>
              {rule.id === rule.code ? null : <span className="table__under">{rule.id}</span>}
            </th>
            <td data-label={t('rules.severity')}>
              <Severity severity={rule.severity} />
              {rule.only === null ? null : (
                <span className="table__under">{t('rules.only', { versions: rule.only.join(', ') })}</span>
              )}
            </td>
            <td className="cell--whole" data-label={t('rules.sentence')}>
              {rule.message}
              <span className="field__about">{rule.title}</span>
              {rule.source === '' ? null : <span className="field__about">{rule.source}</span>}
            </td>
            <td className="cell--whole" data-label={t('rules.condition')}>
              <code className="cel">{rule.check}</code>
              {rule.when === null ? null : (
                <>
                  <span className="field__about">{t('rules.when')}</span>
                  <code className="cel">{rule.when}</code>
                </>
              )}
              {rule.each === null ? null : (
                <span className="field__about">{t('rules.each', { list: rule.each })}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Filters({ filters }: { readonly filters: readonly Filter[] }) {
  const t = useT()
  if (filters.length === 0) return null
  return (
    <Section title={t('rules.leftOut')}>
      <dl className="fact-rows">
        {filters.map(({ code, message, drop }) => (
          <div key={code}>
            <dt>
              <code>{code}</code>
            </dt>
            <dd>
              {message}
              <code className="cel">{drop}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
