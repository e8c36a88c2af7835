import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Definition, RecordType } from '../../../src/exchange/definition.ts'
import { documentFields } from '../../../src/exchange/document-parts.ts'
import type { Schemas } from '../api/client.ts'
import { draftOfRecordQuery, dropDraft } from '../api/forms-queries.ts'
import { useSession } from '../app/session.tsx'
import { useT } from '../app/text.tsx'
import { Time } from '../app/time.tsx'
import { Failure, Skeleton } from '../components/states.tsx'
import { type EditWay, mayRename } from '../record/edit-way.ts'
import { Answer } from './answer.tsx'
import { DraftLine } from './draft-line.tsx'
import { type DraftNote, readDraft } from './draft-note.ts'
import { Editor, type Result } from './editor.tsx'
import { OldDraft } from './old-draft.tsx'
import { hasOtherKey, sendChange } from './send-change.ts'
import type { Tree } from './tree.ts'
import { useDraft } from './use-draft.ts'

interface Props {
  readonly definition: Definition
  readonly type: RecordType
  readonly record: Schemas['Record']
  readonly way: EditWay
  /** Reads the record anew, after somebody else changed it. */
  readonly again: () => unknown
  readonly done?: () => void
  /** Where one goes from the answer. */
  readonly children: ReactNode
}

interface Begun {
  readonly tree: Tree
  readonly note: DraftNote
  readonly at: string
}

/** A stored record in a form, from where it stands or from where the person left off. */
export function Correction(props: Props) {
  const { record } = props
  const { recordId, type, version } = record
  const queries = useQueryClient()
  const { data: kept, error, refetch } = useQuery(draftOfRecordQuery(recordId))
  const [taken, take] = useState(false)
  const [round, setRound] = useState(0)
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (kept === undefined) return <Skeleton lines={12} />
  const mine = kept !== null && kept.recordId === recordId && kept.type === type
  const begun = mine ? begunFrom(readDraft(kept.body), props, kept.updatedAt) : null
  const drop = async () => {
    await dropDraft(recordId)
    queries.setQueryData(draftOfRecordQuery(recordId).queryKey, null)
    void queries.invalidateQueries({ queryKey: ['drafts'] })
    setRound(round + 1)
  }
  if (begun !== null && begun.note.version !== version && !taken)
    return <OldDraft {...props} draft={begun} take={() => take(true)} drop={drop} />
  return <Form key={round} {...props} begun={begun} drop={drop} />
}

/** Documents are not kept in drafts: those that the record has stay. */
function begunFrom({ tree, note }: ReturnType<typeof readDraft>, { type, record }: Props, at: string): Begun {
  const own = documentFields(type)
    .map(({ name }) => [name, (record.body as Tree)[name]] as const)
    .filter(([name, value]) => value !== undefined && !Object.hasOwn(tree, name))
  return { tree: { ...tree, ...(Object.fromEntries(own) as Tree) }, note, at }
}

function Form({
  definition,
  type,
  record,
  way,
  again,
  done,
  begun,
  drop,
  children,
}: Props & { readonly begun: Begun | null; readonly drop: () => Promise<void> }) {
  const t = useT()
  const session = useSession()
  const queries = useQueryClient()
  const [result, setResult] = useState<Result | null>(null)
  const [start] = useState(begun)
  const stored = record.body as Tree
  const [tree, setTree] = useState(start?.tree ?? stored)
  const renames = mayRename(session, type, record)
  const [fixed] = useState(() => new Set(renames ? [] : type.identity.key))
  const { exchange, recordId, version, realm } = record
  const kept = useDraft(
    recordId,
    {
      title: record.key,
      exchange,
      realm,
      type: type.name,
      recordId,
      body: tree,
      note: { version },
      fields: type.fields,
    },
    NOTHING,
  )
  const sent = async (answer: Result) => {
    setResult(answer)
    await kept.drop()
    void queries.invalidateQueries({ queryKey: ['record', recordId], refetchType: 'none' })
    void queries.invalidateQueries({ queryKey: ['records'] })
    void queries.invalidateQueries({ queryKey: ['attention'] })
    done?.()
  }
  const outdated = async () => {
    if (!(await kept.save())) return
    // The form is made anew, and is to find what was just saved.
    await queries.fetchQuery({ ...draftOfRecordQuery(recordId), staleTime: 0 })
    again()
  }
  if (result !== null) return <Answer result={result}>{children}</Answer>
  return (
    <>
      {start === null ? null : (
        <p className="note">
          {t('draft.goOn')} <Time at={start.at} />.{' '}
          <button type="button" className="link" onClick={() => kept.drop().then(drop)}>
            {t('draft.anew')}
          </button>
        </p>
      )}
      <Editor
        definition={definition}
        type={type}
        partner={record.partner}
        operation="replace"
        initial={stored}
        {...(start === null ? {} : { begun: start.tree })}
        {...(record.findings.length === 0 ? {} : { stored: record.findings })}
        fixed={fixed}
        changed={setTree}
        send={(body, key) => sendChange({ record, type, way, body, key })}
        done={sent}
        outdated={outdated}
        {...(renames ? { asks: (next: Tree) => hasOtherKey(type, stored, next) } : {})}
      >
        <DraftLine state={kept.state} again={kept.save} />
      </Editor>
    </>
  )
}

function NOTHING(): void {}
