import type { AccountRow } from '../store/accounts.ts'
import type { OpenedSession, SessionView } from './browser-session.ts'
import { grantsOf } from './registered.ts'
import type { Who } from './who.ts'

/** A browser's session with the secret for its cookie, or what must be done before there is one. */
export type SessionAnswer =
  | { readonly open: true; readonly secret: string; readonly session: SessionView; readonly who: Who }
  | Exclude<OpenedSession, { readonly open: true }>

export function answerOf(opened: OpenedSession): SessionAnswer {
  if (!opened.open) return opened
  const { secret, session, row } = opened
  return { open: true, secret, session, who: whoOf(row) }
}

/** An account as the rest of the node knows it. */
export function whoOf(row: AccountRow): Who {
  const { account, login, partner, centre, kind, realms, channels } = row
  return { account, name: login, partner, centre, kind, realms, channels, grants: grantsOf(row) }
}
