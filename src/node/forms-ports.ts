import type { FormsPorts } from '../channel/rest/ports-forms.ts'
import { Fault } from '../fault/fault.ts'
import type { RunDeps } from '../run/deps.ts'
import {
  countOtherDrafts,
  type DraftHead,
  dropDraft,
  findDraft,
  listDrafts,
  putDraft,
  sweepDrafts,
} from '../store/drafts.ts'
import { countRulesWithErrors, listFaultyRecords } from '../store/faulty-records.ts'
import { findingsOf } from '../store/findings.ts'
import { placeAfter, readPlace } from './paging.ts'
import { inBooks } from './reader-books.ts'

const dayMs = 86_400_000
const draftDays = 90
/** Of one account; a form that saves itself must not fill the database. */
const draftsMax = 500
const rulesMax = 200

type Deps = Pick<RunDeps, 'db' | 'definitions' | 'now'>

/** What people need who enter and put right single records. */
export function createFormsPorts(deps: Deps): FormsPorts {
  return { faulty: faultyPorts(deps), drafts: draftPorts(deps) }
}

function faultyPorts(deps: Deps): FormsPorts['faulty'] {
  return {
    async list({ type, code, limit, ...query }) {
      const after = readPlace(query.after, { book: 'number', changeNo: 'number' })
      return inBooks(deps, query, async (tx, books) => {
        const rows = await listFaultyRecords(tx, { books, type, code, limit: limit + 1, after })
        const items = []
        for (const { book, changeNo: _, owner, key, ...row } of rows.slice(0, limit)) {
          const findings = await findingsOf(tx, book, row.submission, row.position)
          items.push({ ...row, partner: owner, key: key.replaceAll('\u001f', '/'), findings })
        }
        const last = rows[limit - 1]
        const more = rows.length > limit && last !== undefined
        return { items, next: more ? placeAfter({ book: last.book, changeNo: last.changeNo }) : null }
      })
    },
    rules: ({ type, ...query }) =>
      inBooks(deps, query, (tx, books) => countRulesWithErrors(tx, books, type, rulesMax)),
  }
}

function draftPorts({ db, now }: Deps): FormsPorts['drafts'] {
  const oldest = () => now() - draftDays * dayMs
  return {
    async list({ account }, { limit, ...query }) {
      const after = readPlace(query.after, { updatedAt: 'string', draft: 'string' })
      const rows = await db.transact((tx) =>
        listDrafts(tx, { account, since: oldest(), limit: limit + 1, after }),
      )
      const last = rows[limit - 1]
      const more = rows.length > limit && last !== undefined
      return {
        items: rows.slice(0, limit).map(withEnd),
        next: more ? placeAfter({ updatedAt: last.updatedAt, draft: last.draft }) : null,
      }
    },
    async get({ account }, draft) {
      const row = await db.transact((tx) => findDraft(tx, account, draft, oldest()))
      if (row === null) throw new Fault('NOT_FOUND', { what: `draft ${draft}` })
      return withEnd(row)
    },
    async put({ account }, draft, content) {
      const row = await db.transact(async (tx) => {
        await sweepDrafts(tx, oldest())
        if ((await countOtherDrafts(tx, account, draft)) >= draftsMax)
          throw new Fault('CONFLICT', { reason: `You have ${draftsMax} drafts; delete some first.` })
        await putDraft(tx, account, draft, content, now())
        return findDraft(tx, account, draft, oldest())
      })
      if (row === null) throw new Error('the draft was just saved')
      return withEnd(row)
    },
    drop: ({ account }, draft) => db.transact((tx) => dropDraft(tx, account, draft)),
  }
}

/** With the day on which it goes unless it is saved again. */
function withEnd<T extends DraftHead>(row: T): T & { readonly removedOn: string } {
  const removedOn = new Date(Date.parse(row.updatedAt) + draftDays * dayMs).toISOString().slice(0, 10)
  return { ...row, removedOn }
}
