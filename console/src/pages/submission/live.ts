import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Submission } from '../../api/client.ts'
import { submissionQuery } from '../../api/queries.ts'

const CLOSED: ReadonlySet<Submission['state']> = new Set(['completed', 'incomplete', 'refused', 'cancelled'])

/** Nothing more happens to it. */
export function isClosed({ state }: Submission): boolean {
  return CLOSED.has(state)
}

/** Follows a submission by the node's own stream of events until it is closed. */
export function useLive(submission: Submission | undefined): void {
  const queries = useQueryClient()
  const open = submission !== undefined && !isClosed(submission) && submission.state !== 'held'
  const tracking = submission?.tracking ?? ''
  useEffect(() => {
    if (!open) return
    const source = new EventSource(`/v1/submissions/${encodeURIComponent(tracking)}/events`)
    const { queryKey } = submissionQuery(tracking)
    const take = (event: MessageEvent<string>) => {
      const view = JSON.parse(event.data) as Submission
      queries.setQueryData(queryKey, view)
      // The browser would connect again; the stream ends here too.
      if (isClosed(view) || view.state === 'held') source.close()
    }
    source.addEventListener('progress', take)
    source.addEventListener('closed', take)
    return () => source.close()
  }, [open, tracking, queries])
}
