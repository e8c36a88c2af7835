/** One SQL statement with its bound values. */
export interface Sql {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * Tagged template: every `${}` becomes a bound parameter, except an `Sql` (nested statement), whose text is
 * spliced in with its parameters renumbered. Nothing else reaches the statement's text.
 */
export function sql(strings: TemplateStringsArray, ...holes: readonly unknown[]): Sql {
  const values: unknown[] = []
  let text = strings[0] ?? ''
  holes.forEach((hole, index) => {
    if (isSql(hole)) {
      const offset = values.length
      text += hole.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`)
      values.push(...hole.values)
    } else {
      values.push(hole)
      text += `$${values.length}`
    }
    text += strings[index + 1] ?? ''
  })
  return { text, values }
}

/** A quoted identifier, for the few statements whose table or column names come from a definition. */
export function identifier(name: string): Sql {
  return { text: `"${name.replaceAll('"', '""')}"`, values: [] }
}

/** Nothing; for optional parts of a statement. */
export const nothing: Sql = { text: '', values: [] }

/** Joins statements with a separator that is written in the code. */
export function join(parts: readonly Sql[], separator: string): Sql {
  const values: unknown[] = []
  const texts = parts.map((part) => {
    const offset = values.length
    values.push(...part.values)
    return part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`)
  })
  return { text: texts.join(separator), values }
}

function isSql(value: unknown): value is Sql {
  return (
    typeof value === 'object' &&
    value !== null &&
    'text' in value &&
    'values' in value &&
    typeof value.text === 'string' &&
    Array.isArray(value.values)
  )
}
