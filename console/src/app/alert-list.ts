interface Alert {
  readonly alert: number
  readonly lastAt: string
  readonly resolvedAt: string | null
}

/** What a change of an alert makes of those that are known. */
export function withAlert<A extends Alert>(known: readonly A[], changed: A): readonly A[] {
  const others = known.filter(({ alert }) => alert !== changed.alert)
  if (changed.resolvedAt !== null) return others
  return [changed, ...others].sort((a, b) => b.lastAt.localeCompare(a.lastAt))
}
