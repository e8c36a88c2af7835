import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type DraftToSave, dropDraft, saveDraft } from '../api/forms-queries.ts'
import { holds } from './tree.ts'

/** How long after the last change it is saved. */
const REST_MS = 1200

export type DraftState =
  | { readonly kind: 'none' | 'changed' | 'saving' }
  | { readonly kind: 'saved'; readonly at: string }
  | { readonly kind: 'failed'; readonly problem: Error }

export interface Draft {
  readonly state: DraftState
  /** Saves what is not saved yet. Is all of it kept now? */
  save(): Promise<boolean>
  /** It was submitted, or is not wanted: the draft goes, and nothing is saved any more. */
  drop(): Promise<void>
}

/** Saves a record on the node while it is written. @param saved called when it is there for the first time */
export function useDraft(id: string, content: DraftToSave, saved: () => void): Draft {
  const queries = useQueryClient()
  const [state, setState] = useState<DraftState>({ kind: 'none' })
  const { body } = content
  const { partner } = content.note
  const latest = useRef(content)
  const kept = useRef(content)
  const ended = useRef(false)
  const first = useRef(true)
  const running = useRef<Promise<unknown>>(Promise.resolve())
  latest.current = content

  const save = useCallback(() => {
    const saving = running.current.then(async () => {
      const now = latest.current
      if (ended.current || isKept(now, kept.current)) return true
      setState({ kind: 'saving' })
      try {
        await saveDraft(id, now)
        kept.current = now
        setState({ kind: 'saved', at: new Date().toISOString() })
        void queries.invalidateQueries({ queryKey: ['drafts'] })
        if (first.current) saved()
        first.current = false
        return true
      } catch (problem) {
        setState({ kind: 'failed', problem: problem instanceof Error ? problem : new Error() })
        return false
      }
    })
    running.current = saving
    return saving
  }, [id, queries, saved])

  useEffect(() => {
    const before = kept.current
    if (body === before.body && partner === before.note.partner) return
    if (ended.current || !holds(body)) return
    setState((now) => (now.kind === 'failed' ? now : { kind: 'changed' }))
    const timer = setTimeout(save, REST_MS)
    return () => clearTimeout(timer)
  }, [body, partner, save])

  // Whoever leaves in the middle of a word finds it again.
  const saveNow = useRef(save)
  saveNow.current = save
  useEffect(() => () => void saveNow.current(), [])

  const drop = useCallback(async () => {
    ended.current = true
    await running.current
    await dropDraft(id)
    await queries.invalidateQueries({ queryKey: ['drafts'] })
  }, [id, queries])
  return { state, save, drop }
}

function isKept(now: DraftToSave, kept: DraftToSave): boolean {
  return now.body === kept.body && now.note.partner === kept.note.partner
}
