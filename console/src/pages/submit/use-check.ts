import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { definitionQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { type CheckAnswer, type CheckTally, type FoundHere, startCheck } from '../../check/check.ts'

export type CheckEnd = Exclude<CheckAnswer, { readonly kind: 'progress' }>

/** How far the check of a file is, and what it found. */
export interface Check {
  readonly tally: CheckTally | null
  readonly findings: readonly FoundHere[]
  readonly end: CheckEnd | null
}

const NOTHING: Check = { tally: null, findings: [], end: null }
/** The page is drawn anew this often at most while findings stream in. */
const DRAW_MS = 100

/** Checks a file against an exchange as soon as both are chosen. */
export function useCheck(file: File | null, exchange: string): Check {
  const { me } = useSession()
  const { data: definition, error } = useQuery({ ...definitionQuery(exchange), enabled: file !== null })
  const [check, setCheck] = useState<Check>(NOTHING)
  useEffect(() => {
    setCheck(NOTHING)
    if (file === null || definition === undefined) return
    let now = NOTHING
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = () => {
      timer = undefined
      setCheck(now)
    }
    const stop = startCheck({ file, partner: me.partner, definition }, (answer) => {
      if (answer.kind === 'progress')
        now = { ...now, tally: answer.tally, findings: [...now.findings, ...answer.findings] }
      else now = { ...now, end: answer, tally: answer.kind === 'done' ? answer.tally : now.tally }
      timer ??= setTimeout(draw, answer.kind === 'progress' ? DRAW_MS : 0)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [file, definition, me.partner])
  return error === null ? check : { ...NOTHING, end: { kind: 'failed' } }
}
