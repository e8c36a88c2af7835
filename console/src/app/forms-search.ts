/** What stands in the addresses of the pages that enter and put right records. */

export interface EnterSearch {
  readonly after?: string
}

export interface EnterRecordSearch {
  /** The draft that is gone on with. */
  readonly draft?: string
  /** Whose record it is, where the centre writes it. */
  readonly whose?: string
}

export interface FixRecordSearch {
  /** Of the list that one came from: its rule, and the page before. */
  readonly code?: string
  readonly after?: string
}

export interface FixSearch extends FixRecordSearch {
  readonly exchange?: string
  readonly type?: string
}

type Given = Readonly<Record<string, unknown>>

export function readEnter({ after }: Given): EnterSearch {
  return typeof after === 'string' ? { after } : {}
}

export function readEnterRecord({ draft, whose }: Given): EnterRecordSearch {
  return {
    ...(typeof draft === 'string' && /^[0-9a-f-]{36}$/.test(draft) ? { draft } : {}),
    ...(typeof whose === 'string' ? { whose } : {}),
  }
}

export function readFixRecord({ code, after }: Given): FixRecordSearch {
  return {
    // A code of digits was a number when the address was read.
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(typeof after === 'string' ? { after } : {}),
  }
}

export function readFix(given: Given): FixSearch {
  const { exchange, type } = given
  return {
    ...(typeof exchange === 'string' ? { exchange } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    ...readFixRecord(given),
  }
}
