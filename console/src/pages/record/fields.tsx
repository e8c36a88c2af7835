import type { Definition, Field, RecordType } from '../../../../src/exchange/definition.ts'
import type { StoredRecord } from '../../api/records-queries.ts'
import { type Body, isBody, isNothing, valueText } from '../../record/leaves.ts'
import { useWords } from '../../record/words.ts'

interface Props {
  readonly definition: Definition
  readonly type: RecordType
  readonly record: StoredRecord
}

/** What the record says, with the labels and code texts of its exchange. */
export function Fields({ definition, type, record }: Props) {
  const found = new Map(record.findings.map(({ path, message }) => [path, message]))
  const { exchange, realm, partner, key } = record
  const query = new URLSearchParams({ realm, partner })
  const address = (name: string) =>
    `/v1/exchanges/${exchange}/records/${type.name}/${encodeURIComponent(key)}/documents/${name}?${query}`
  return (
    <Values
      fields={type.fields}
      body={record.body}
      path=""
      lists={definition.lists}
      found={found}
      address={address}
    />
  )
}

interface ValuesProps {
  readonly fields: readonly Field[]
  readonly body: Body
  readonly path: string
  readonly lists: Definition['lists']
  /** Messages by path. */
  readonly found: ReadonlyMap<string, string>
  /** Where a document of the record is fetched. */
  readonly address: (name: string) => string
}

function Values({ fields, body, path, lists, found, address }: ValuesProps) {
  const words = useWords()
  const there = fields.filter(({ name }) => !isNothing(body[name]) || found.has(`${path}${name}`))
  const isGroup = ({ type, document }: Field) => type === 'group' && document === null
  const scalars = there.filter((field) => !isGroup(field))
  const groups = there.filter(isGroup)
  return (
    <>
      {scalars.length === 0 ? null : (
        <dl className="values">
          {scalars.map((field) => {
            const problem = found.get(`${path}${field.name}`)
            const value = body[field.name]
            return (
              <div
                key={field.no}
                className={`values__one ${problem === undefined ? '' : 'values__one--bad'}`}
              >
                <dt>{field.label}</dt>
                <dd>
                  {isNothing(value) ? (
                    '–'
                  ) : field.document === null ? (
                    valueText(field, value, lists, words)
                  ) : (
                    <a href={address(field.name)} download>
                      {valueText(field, value, lists, words)}
                    </a>
                  )}
                  {problem === undefined ? null : <span className="values__problem">{problem}</span>}
                </dd>
              </div>
            )
          })}
        </dl>
      )}
      {groups.flatMap((field) => {
        const value = body[field.name]
        const items = field.many && Array.isArray(value) ? value : [value]
        return items.map((item: unknown, index) => {
          const at = field.many ? `[${index + 1}]` : ''
          return isBody(item) ? (
            <section key={`${field.no}${at}`} className="values__group">
              <h3 className="values__title">
                {field.label}
                {field.many ? ` ${index + 1}` : ''}
              </h3>
              <Values
                fields={field.fields}
                body={item}
                path={`${path}${field.name}${at}.`}
                lists={lists}
                found={found}
                address={address}
              />
            </section>
          ) : null
        })
      })}
    </>
  )
}
