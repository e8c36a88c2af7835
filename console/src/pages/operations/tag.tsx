/** A state in a word; never by colour alone. */
export function Tag({
  tone,
  children,
}: {
  readonly tone: 'good' | 'busy' | 'warn' | 'bad' | 'wait'
  readonly children: string
}) {
  return <span className={`state state--${tone}`}>{children}</span>
}
