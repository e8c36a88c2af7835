import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

/** A reader of screens begins a new page at its title; the very first page begins where browsers begin. */
let moved = false

/** Tells `changed` when another page has come, and goes to its title. */
export function usePageChange(changed: () => void): void {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname })
  const before = useRef(path)
  useEffect(() => {
    const known = before.current
    before.current = path
    if (known === undefined || path === undefined || known === path) return
    moved = true
    changed()
    document.querySelector<HTMLElement>('.page__title')?.focus({ preventScroll: true })
  }, [path, changed])
}

/** A title that takes another's place, as when the data has come, takes over where the reader was. */
export function useTitle(heading: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    if (moved && document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [heading])
}
