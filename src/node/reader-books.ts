import type { Database, Scope, Tx } from '../db/database.ts'
import type { Definitions } from '../run/deps.ts'
import { findBooks } from '../store/books.ts'
import type { Realm } from '../store/model.ts'

/** Asks with the eyes of a reader of these books only. */
export async function inBooks<T>(
  { db, definitions }: { readonly db: Database; readonly definitions: Definitions },
  filter: {
    readonly exchange: string
    readonly realm: Realm | null
    readonly partners: readonly string[] | null
  },
  question: (tx: Tx, books: readonly number[]) => Promise<T>,
): Promise<T> {
  const { exchange, realm, partners } = filter
  // A book that the centre owns is shared by all who may read the exchange.
  const owners = definitions.get(exchange).owner === 'centre' ? null : partners
  const rows = await db.transact((tx) => findBooks(tx, { owners, exchange, realm }))
  const books = rows.map((row) => row.book)
  const scope: Scope = { books }
  return db.transact((tx) => question(tx, books), scope)
}
