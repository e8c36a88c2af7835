import { queryOptions } from '@tanstack/react-query'
import type { Field } from '../../../src/exchange/definition.ts'
import { type DraftNote, withNote, withoutFiles } from '../forms/draft-note.ts'
import type { Tree } from '../forms/tree.ts'
import { ApiProblem, api, dataOf, type Realm } from './client.ts'

/** A work list changes with what is put right; while one goes through it, it stays as it was. */
const LIST_STALE = 300_000
const PAGE = 25

export interface FaultyPlace {
  readonly exchange: string
  readonly type: string
  readonly code?: string
  readonly after?: string
}

export const faultyQuery = (realm: Realm, { exchange, type, ...which }: FaultyPlace) =>
  queryOptions({
    queryKey: ['faulty', realm, exchange, type, which],
    staleTime: LIST_STALE,
    queryFn: () =>
      dataOf(
        api.GET('/v1/exchanges/{exchange}/{type}/with-errors', {
          params: { path: { exchange, type }, query: { realm, limit: PAGE, ...which } },
        }),
      ),
  })

export const faultyRulesQuery = (realm: Realm, exchange: string, type: string) =>
  queryOptions({
    queryKey: ['faulty-rules', realm, exchange, type],
    queryFn: async () =>
      (
        await dataOf(
          api.GET('/v1/exchanges/{exchange}/{type}/with-errors/rules', {
            params: { path: { exchange, type }, query: { realm } },
          }),
        )
      ).items,
  })

/** A stored record as it is put right: read anew each time it is opened. */
export const correctedQuery = (exchange: string, type: string, id: string) =>
  queryOptions({
    queryKey: ['corrected', exchange, type, id],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const params = { path: { exchange, type, id } }
      return dataOf(api.GET('/v1/exchanges/{exchange}/{type}/{id}', { params }))
    },
  })

export const draftsQuery = (after: string | undefined) =>
  queryOptions({
    queryKey: ['drafts', after ?? ''],
    queryFn: () =>
      dataOf(
        api.GET('/v1/drafts', {
          params: { query: { limit: PAGE, ...(after === undefined ? {} : { after }) } },
        }),
      ),
  })

export const draftQuery = (draft: string) =>
  queryOptions({
    queryKey: ['draft', draft],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => dataOf(api.GET('/v1/drafts/{draft}', { params: { path: { draft } } })),
  })

/** The draft of a stored record, which has the record's own number; null where none was begun. */
export const draftOfRecordQuery = (recordId: string) =>
  queryOptions({
    queryKey: ['draft', 'record', recordId],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      try {
        return await dataOf(api.GET('/v1/drafts/{draft}', { params: { path: { draft: recordId } } }))
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null
        throw error
      }
    },
  })

export interface DraftToSave {
  readonly title: string
  readonly exchange: string
  readonly realm: Realm
  readonly type: string
  /** The stored record that it is to change. */
  readonly recordId?: string
  readonly body: Tree
  readonly note: DraftNote
  /** Its fields say which values are documents: those are not kept. */
  readonly fields: readonly Field[]
}

export async function saveDraft(
  draft: string,
  { body, note, recordId, fields, ...content }: DraftToSave,
): Promise<void> {
  const kept = { ...content, recordId: recordId ?? null, body: withNote(withoutFiles(body, fields), note) }
  await dataOf(api.PUT('/v1/drafts/{draft}', { params: { path: { draft } }, body: kept }))
}

export async function dropDraft(draft: string): Promise<void> {
  await dataOf(api.DELETE('/v1/drafts/{draft}', { params: { path: { draft } } }))
}
