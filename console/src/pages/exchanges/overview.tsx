import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { type T, useT } from '../../app/text.tsx'
import { Count } from '../../components/number.tsx'
import { Section } from '../../components/page.tsx'
import { ExchangeFrame } from './frame.tsx'
import { rowsOf, spanOf } from './words.ts'

/** An exchange on one page: what is exchanged, whose it is, and how it is sent. */
export function ExchangeOverview() {
  const { exchange } = useParams({ from: '/exchanges/$exchange' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.overview">
      {(definition) => <Overview definition={definition} />}
    </ExchangeFrame>
  )
}

function Overview({ definition }: { readonly definition: Definition }) {
  const t = useT()
  return (
    <>
      {definition.description === '' ? null : <p className="lead">{definition.description}</p>}
      <Section title={t('exchanges.types')}>
        <Types definition={definition} />
      </Section>
      <Section title={t('exchange.agreed')}>
        <Facts facts={agreed(definition, t)} />
      </Section>
      <Section title={t('exchange.services')}>
        <Facts facts={services(definition, t)} />
      </Section>
      <Section title={t('exchange.files')}>
        <Facts facts={files(definition, t)} />
      </Section>
    </>
  )
}

function Types({ definition }: { readonly definition: Definition }) {
  const t = useT()
  const { exchange, types } = definition
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('exchanges.types')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('exchange.type')}</th>
          <th scope="col">{t('exchange.key')}</th>
          <th scope="col" className="num">
            {t('exchanges.fields')}
          </th>
          <th scope="col" className="num">
            {t('exchanges.rules')}
          </th>
        </tr>
      </thead>
      <tbody>
        {types.map((type) => (
          <tr key={type.name}>
            <th scope="row" data-label={t('exchange.type')}>
              <Link
                to="/exchanges/$exchange/fields"
                params={{ exchange }}
                search={{ type: type.name }}
                className="table__main"
              >
                {type.title}
              </Link>
              <span className="table__under">{type.name}</span>
            </th>
            <td data-label={t('exchange.key')}>
              <code>{type.identity.key.join(' + ')}</code>
            </td>
            <td className="num" data-label={t('exchanges.fields')}>
              <Count value={rowsOf(type.fields).length} />
            </td>
            <td className="num" data-label={t('exchanges.rules')}>
              <Count value={type.rules.length} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Fact = readonly [string, ReactNode]

function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="fact-rows">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function agreed(definition: Definition, t: T): readonly Fact[] {
  const { versions, zone, owner, refresh, batch, types } = definition
  const titles = new Map(types.map(({ name, title }) => [name, title]))
  return [
    [t('exchanges.versions'), versions.map((one) => spanOf(one, t)).join('; ')],
    [t('exchanges.owner'), t(`exchanges.owner.${owner}`)],
    [t('exchange.zone'), zone],
    [t('exchange.refresh'), t(refresh.allowed ? 'exchange.refresh.yes' : 'exchange.refresh.no')],
    ...(refresh.allowed
      ? [
          [
            t('exchange.held'),
            t('exchange.heldAbove', {
              share: Math.round(refresh.deleteShareMax * 1000) / 10,
              count: refresh.deleteCountMax,
            }),
          ] as const,
        ]
      : []),
    ...(batch.required.length === 0
      ? []
      : [
          [
            t('exchange.together'),
            batch.required.map((name) => titles.get(name) ?? name).join(', '),
          ] as const,
        ]),
    [
      t('exchange.hash'),
      <code key="hash" className="facts__hash">
        {definition.hash}
      </code>,
    ],
  ]
}

function services({ exchange, profiles, types }: Definition, t: T): readonly Fact[] {
  const own = Object.keys(profiles)
  return [
    [t('exchange.service.documents'), <code key="documents">{`POST /v1/exchanges/${exchange}/submissions`}</code>],
    [
      t('exchange.service.records'),
      <Lines key="records" lines={types.map(({ name }) => `POST /v1/exchanges/${exchange}/${name}`)} />,
    ],
    [t('exchange.service.xml'), <code key="xml">{`POST /v1/exchanges/${exchange}/interactive`}</code>],
    ...(own.length === 0 ? [] : [[t('exchange.service.profiles'), own.join(', ')] as const]),
  ]
}

function files(definition: Definition, t: T): readonly Fact[] {
  const { formats, files: rules } = definition
  const { realms, input, output, archive, names, root } = rules
  const at = (realm: string, folder: string) =>
    `/${[root, realm, folder].filter((part) => part !== '').join('/')}`
  const delimiter = formats.csv.delimiter === '\t' ? t('exchange.tab') : formats.csv.delimiter
  return [
    [t('facts.format'), t('exchange.formats', { delimiter })],
    [
      t('exchange.names'),
      names.length === 0 ? (
        t('exchange.anyName')
      ) : (
        <Lines
          key="names"
          lines={names.map((one) => `${one.pattern}.${one.formats.join('|')}`)}
        />
      ),
    ],
    [t('exchange.input'), <Lines key="input" lines={input.map((folder) => at(realms.live, folder))} />],
    [t('exchange.inputTest'), <Lines key="test" lines={input.map((folder) => at(realms.test, folder))} />],
    [t('exchange.output'), <code key="output">{at(realms.live, output)}</code>],
    [t('exchange.archive'), <code key="archive">{at(realms.live, archive)}</code>],
    [t('exchange.checksum'), t(`exchange.checksum.${rules.checksum}`)],
  ]
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className="facts__list">
      {lines.map((line) => (
        <li key={line}>
          <code>{line}</code>
        </li>
      ))}
    </ul>
  )
}
