import { type ReactNode, useMemo } from 'react'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import { useT } from '../../app/text.tsx'
import { type Body, differences, leavesOf } from '../../record/leaves.ts'
import { useWords } from '../../record/words.ts'

interface Side {
  readonly name: string
  readonly head: ReactNode
  readonly body: Body
  /** What can be done with it. */
  readonly foot?: ReactNode
}

interface Props {
  readonly caption: string
  readonly definition: Definition
  readonly type: RecordType
  /** The fields that tell duplicates. */
  readonly fields: readonly string[]
  readonly left: Side
  readonly right: Side
}

/** Two contents side by side: what makes them one, then what differs, marked; what else is the same below. */
export function Compared({ caption, definition, type, fields, left, right }: Props) {
  const t = useT()
  const words = useWords()
  const { shared, differing, same } = useMemo(() => {
    const [a, b] = [left, right].map(({ body }) => leavesOf(type.fields, body, definition.lists, words))
    const differing = differences(a ?? [], b ?? [])
    const paths = new Set(differing.map(({ path }) => path))
    const same = (a ?? []).filter(({ path }) => !paths.has(path))
    return {
      shared: same.filter(({ path }) => fields.includes(path)),
      differing,
      same: same.filter(({ path }) => !fields.includes(path)),
    }
  }, [left, right, type, fields, definition, words])
  const columns = (
    <thead>
      <tr>
        <th scope="col">{t('findings.field')}</th>
        <th scope="col">{left.head}</th>
        <th scope="col">{right.head}</th>
      </tr>
    </thead>
  )
  return (
    <>
      <table className="usa-table usa-table--borderless usa-table--compact table compared">
        <caption className="usa-sr-only">{caption}</caption>
        {columns}
        <tbody>
          {shared.map(({ path, label, text }) => (
            <tr key={path}>
              <th scope="row">{label}</th>
              <td>{text}</td>
              <td>{text}</td>
            </tr>
          ))}
          {differing.map(({ path, label, before, after }) => (
            <tr key={path} className="compared__differs">
              <th scope="row">
                <span className="compared__mark" aria-hidden="true">
                  ≠
                </span>{' '}
                {label}
                <span className="usa-sr-only"> {t('duplicates.differs')}</span>
              </th>
              <td>{before ?? '–'}</td>
              <td>{after ?? '–'}</td>
            </tr>
          ))}
        </tbody>
        {left.foot === undefined && right.foot === undefined ? null : (
          <tfoot>
            <tr>
              <td />
              <td>{left.foot}</td>
              <td>{right.foot}</td>
            </tr>
          </tfoot>
        )}
      </table>
      <details className="more">
        <summary>{t('duplicates.same')}</summary>
        <dl className="values">
          {same.map(({ path, label, text }) => (
            <div key={path} className="values__one">
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  )
}
