/** Parts of a whole as one bar; what it says stands in numbers beside it. */
export function ShareBar({
  parts,
}: {
  readonly parts: readonly { readonly name: string; readonly value: number }[]
}) {
  const whole = parts.reduce((sum, { value }) => sum + value, 0)
  let from = 0
  return (
    <svg className="share-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="share-bar__ground" width="1000" height="10" />
      {parts
        .filter(({ value }) => value > 0)
        .map(({ name, value }) => {
          // What is there at all can be seen.
          const width = Math.max(4, (value / whole) * 1000)
          const x = Math.min(from, 1000 - width)
          from += width
          return (
            <rect
              key={name}
              className={`share-bar__part share-bar__part--${name}`}
              x={x}
              width={width}
              height="10"
            />
          )
        })}
    </svg>
  )
}
