const charsMax = 1000
/** Any will do: a path that leads away from it leads away from us. */
const HERE = 'http://here.invalid'

/**
 * The path of the console to which somebody goes on after signing in elsewhere: the one asked for when it stays with us,
 * else the first page. Browsers read `//there`, `/\there` and addresses with tabs in them as another site's.
 */
export function returnPath(asked: string | undefined): string {
  if (asked === undefined || asked.length > charsMax || !asked.startsWith('/')) return '/'
  if (!URL.canParse(asked, HERE)) return '/'
  const { origin, pathname, search } = new URL(asked, HERE)
  const path = `${pathname}${search}`
  // A path that begins so after `/./` was resolved would be another site's in the next step.
  const away = origin !== HERE || /^\/[/\\]/.test(path) || path.length > charsMax
  return away || pathname.startsWith('/v1/') ? '/' : path
}

/** The same path, telling the sign-in page what to say or ask there. */
export function withNote(path: string, note: Readonly<Record<string, string>>): string {
  const { pathname, searchParams } = new URL(path, HERE)
  for (const [name, value] of Object.entries(note)) searchParams.set(name, value)
  return `${pathname}?${searchParams}`
}
