import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Definition, RecordType } from '../../../src/exchange/definition.ts'
import type { Finding } from '../api/client.ts'
import { type Judged, type RecordCheck, startRecordCheck } from '../check/record-check.ts'
import { placeFindings, unionOf } from './findings.ts'
import type { FormState } from './form-state.ts'
import { holds, pathOf, stepsOf, type Tree, valueAt, withValue } from './tree.ts'

interface Start {
  readonly definition: Definition
  readonly type: RecordType
  readonly partner: string
  readonly operation: 'create' | 'replace'
  readonly initial: Tree
  /** How far a draft of it is; absent: not begun. */
  readonly begun?: Tree
  readonly fixed?: ReadonlySet<string>
  /** What was found when it was sent; it is shown from the beginning. */
  readonly stored?: readonly Finding[]
}

export interface Form {
  /** Null until the record was looked at for the first time. */
  readonly state: FormState | null
  readonly tree: Tree
  /** Shows everything that is wrong. */
  showAll(): void
  /** What the node found in the record as it is now. */
  setAnswered(findings: readonly Finding[]): void
}

/** A record in the hands of a person: judged anew at each change. */
export function useForm(start: Start): Form {
  const { definition, type, partner, operation, initial, begun = initial } = start
  const { stored = NONE, fixed = NOTHING } = start
  const [tree, setTree] = useState(begun)
  const [judged, setJudged] = useState<Judged | null>(null)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [all, setAll] = useState(stored.length > 0)
  const [answered, setAnswered] = useState<readonly Finding[]>(NONE)
  const check = useRef<RecordCheck | null>(null)
  const before = useRef<Judged | null>(null)
  const current = useRef(begun)

  const put = useCallback((next: Tree) => {
    current.current = next
    setTree(next)
    check.current?.judge(next)
  }, [])

  useEffect(() => {
    before.current = null
    const known = operation === 'replace' ? initial : null
    const started = startRecordCheck(
      { definition, type: type.name, partner, operation, stored: known },
      (next) => {
        // What the validator does not find only the node can: it stays said until the node is asked again.
        if (next.number === 1) {
          const others = unionOf(next.findings, stored).slice(next.findings.length)
          setAnswered(others.filter(({ path }) => isSame(initial, current.current, path)))
          if (current.current !== initial) {
            check.current?.judge(current.current)
            return
          }
        }
        const without = withoutFallenAway(current.current, before.current, next)
        before.current = next
        setJudged(next)
        if (without !== current.current) put(without)
      },
    )
    check.current = started
    started.judge(initial)
    return () => started.stop()
  }, [definition, type, partner, operation, initial, stored, put])

  const state = useMemo<FormState | null>(() => {
    if (judged === null) return null
    const placed = placeFindings(tree, type, unionOf(judged.findings, answered))
    const sent = new Map(placeFindings(initial, type, stored).map((one) => [one.path, one.finding.value]))
    return {
      definition,
      type,
      tree,
      judged,
      placed,
      outside: new Set(judged.outside),
      fixed,
      findingsAt: (path) => placed.filter((one) => one.path === path && (all || left.has(path))),
      sentAt: (path) => sent.get(path) ?? undefined,
      set(steps, value) {
        // Items that move would be taken for fields that no longer apply.
        if (Array.isArray(value) && typeof value[0] === 'object') before.current = null
        setAnswered((found) => found.filter(({ path }) => path !== pathOf(steps)))
        put(withValue(current.current, steps, value))
      },
      leave: (path) => setLeft((paths) => (paths.has(path) ? paths : new Set([...paths, path]))),
    }
  }, [judged, tree, type, definition, initial, fixed, stored, answered, all, left, put])
  return { state, tree, showAll: () => setAll(true), setAnswered }
}

const NONE: readonly Finding[] = []
const NOTHING: ReadonlySet<string> = new Set()

/** Does the draft say there what the record says? */
function isSame(record: Tree, draft: Tree, path: string): boolean {
  const steps = stepsOf(path)
  return JSON.stringify(valueAt(record, steps)) === JSON.stringify(valueAt(draft, steps))
}

/**
 * What a person wrote in fields that have just ceased to apply goes with them. What was there from the beginning
 * stays, to be seen, and so does everything when the record falls under another version.
 */
function withoutFallenAway(tree: Tree, before: Judged | null, { outside, version }: Judged): Tree {
  if (before === null || before.version !== version) return tree
  const known = new Set(before.outside)
  return outside
    .filter((path) => !known.has(path) && holds(valueAt(tree, stepsOf(path))))
    .reduce((left, path) => withValue(left, stepsOf(path), undefined), tree)
}
