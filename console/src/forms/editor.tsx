import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Definition, RecordType } from '../../../src/exchange/definition.ts'
import { ApiProblem, type Finding, type Schemas } from '../api/client.ts'
import { useT } from '../app/text.tsx'
import { Button, ErrorAlert } from '../components/controls.tsx'
import { Failure, Skeleton } from '../components/states.tsx'
import { RecordForm } from './record-form.tsx'
import { Summary } from './summary.tsx'
import { sentOf, type Tree } from './tree.ts'
import { useForm } from './use-form.ts'

export type Result = Schemas['RecordResult']

interface Props {
  readonly definition: Definition
  readonly type: RecordType
  readonly partner: string
  readonly operation: 'create' | 'replace'
  readonly initial: Tree
  readonly begun?: Tree
  readonly fixed?: ReadonlySet<string>
  readonly stored?: readonly Finding[]
  readonly changed?: (tree: Tree) => void
  /** Sends the record as it is; the key is the same as long as the record is. */
  readonly send: (body: Tree, idempotencyKey: string) => Promise<Result>
  readonly done: (result: Result) => void
  /** Somebody else changed the record meanwhile, and the person wants to see how it stands. */
  readonly outdated?: () => unknown
  /** Must it be said once more that this is meant: that it gets another key? */
  readonly asks?: (tree: Tree) => boolean
  readonly children?: ReactNode
}

/** A record to be filled in, checked while that is done, and sent when the person says so. */
export function Editor({ send, done, outdated, changed, asks, children, ...start }: Props) {
  const { stored } = start
  const t = useT()
  const { state, tree, showAll, setAnswered } = useForm(start)
  const [looked, setLooked] = useState(0)
  const [anyway, setAnyway] = useState<Tree | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const summary = useRef<HTMLElement>(null)
  const delivery = useRef({ text: '', key: '' })
  useEffect(() => changed?.(tree), [tree, changed])
  useEffect(() => {
    if (looked > 0) summary.current?.focus()
  }, [looked])
  if (state === null) return <Skeleton lines={12} />
  const { placed } = state
  const fatal = placed.some(({ finding }) => finding.severity === 'fatal')
  const faulty = placed.some(({ finding }) => finding.severity === 'error')
  const renames = asks?.(tree) === true
  const look = () => {
    showAll()
    setLooked(looked + 1)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (fatal || ((faulty || renames) && anyway !== tree)) {
      setAnyway(tree)
      look()
      return
    }
    const body = sentOf(tree)
    const text = JSON.stringify(body)
    if (delivery.current.text !== text) delivery.current = { text, key: crypto.randomUUID() }
    setBusy(true)
    setProblem(null)
    try {
      done(await send(body, delivery.current.key))
    } catch (error) {
      setBusy(false)
      const found = isOutdated(error) ? null : findingsOf(error)
      // The same record may be accepted later, when something else has come.
      delivery.current = { text: '', key: '' }
      if (found === null) setProblem(error instanceof Error ? error : new Error())
      else {
        setAnswered(found)
        look()
      }
    }
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      {looked === 0 && stored === undefined ? null : <Summary placed={placed} place={summary} />}
      {renames ? <p className="note note--warn">{t('form.otherKey')}</p> : null}
      <RecordForm state={state} />
      {problem === null ? null : isOutdated(problem) && outdated !== undefined ? (
        <ErrorAlert title={t('edit.outdated')}>
          {problem.message} {t('edit.outdatedAbout')}{' '}
          <Button type="button" unstyled onClick={() => outdated()}>
            {t('edit.again')}
          </Button>
        </ErrorAlert>
      ) : (
        <Failure problem={problem} />
      )}
      <div className="bar">
        {children}
        <div className="bar__actions">
          <Button type="button" outline onClick={look}>
            {t('form.check')}
          </Button>
          <Button type="submit" disabled={busy}>
            {t(
              busy
                ? 'send.sending'
                : fatal || anyway !== tree
                  ? 'form.submit'
                  : renames
                    ? 'form.rename'
                    : faulty
                      ? 'form.anyway'
                      : 'form.submit',
            )}
          </Button>
        </div>
      </div>
    </form>
  )
}

/** The record is not what it was when it was read. */
function isOutdated(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412
}

/** What is wrong with a record that the node refused; null where it was something else. */
function findingsOf(error: unknown): readonly Finding[] | null {
  if (!(error instanceof ApiProblem) || error.code !== 'RECORD_REJECTED') return null
  const { findings } = error.more
  return Array.isArray(findings) ? (findings as readonly Finding[]) : null
}
