import type { ComponentProps, ReactNode } from 'react'

// The design system's controls, in its own words for them. They are written here and not taken from react-uswds: that
// library is one file of which a build keeps the most part (40 kB packed) whatever little of it is used.

/** A button as the design system draws it; `outline` for what is done less often, `unstyled` for what reads as a link. */
export function Button({
  outline = false,
  unstyled = false,
  className = '',
  type,
  ...rest
}: ComponentProps<'button'> & {
  readonly type: 'button' | 'submit'
  readonly outline?: boolean
  readonly unstyled?: boolean
}) {
  const look = `${outline ? ' usa-button--outline' : ''}${unstyled ? ' usa-button--unstyled' : ''}`
  return <button type={type} className={`usa-button${look} ${className}`.trim()} {...rest} />
}

/** A field of one line with its label, and a hint between them. */
export function TextField({
  id,
  label,
  hint,
  ...rest
}: ComponentProps<'input'> & { readonly id: string; readonly label: string; readonly hint?: string }) {
  const about = hint === undefined ? {} : { 'aria-describedby': `${id}-hint` }
  return (
    <>
      <label className="usa-label" htmlFor={id}>
        {label}
      </label>
      {hint === undefined ? null : (
        <span className="usa-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <input id={id} name={id} className="usa-input" {...about} {...rest} />
    </>
  )
}

/** Says at once that something went wrong. */
export function ErrorAlert({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <div
      className={`usa-alert usa-alert--error ${title === undefined ? 'usa-alert--slim usa-alert--no-icon' : ''}`}
      role="alert"
    >
      <div className="usa-alert__body">
        {title === undefined ? null : <h2 className="usa-alert__heading">{title}</h2>}
        <p className="usa-alert__text">{children}</p>
      </div>
    </div>
  )
}
