import { type KeyboardEvent, useEffect, useState } from 'react'
import type { CodeValue } from '../../../src/exchange/definition.ts'
import { useT } from '../app/text.tsx'
import type { ControlProps } from './beside.tsx'
import { nameOf, plain } from './nearest.ts'

/** As many as can be looked through; typing on narrows them. */
const shownMax = 30

interface Props {
  readonly control: ControlProps & { readonly 'aria-label'?: string }
  readonly codes: readonly CodeValue[]
  readonly value: string
  /** '' takes the value away. A text that is no code is handed on as it is, to be found wrong. */
  readonly choose: (code: string) => void
  /** It adds to others, and is empty again afterwards. */
  readonly adds?: boolean
}

/** A code found by typing part of it or of what it means; all of it with the keyboard, if one likes. */
export function CodeSearchBox({ control, codes, value, choose, adds = false }: Props) {
  const t = useT()
  const current = codes.find(({ code }) => code === value)
  const shown = current === undefined ? value : nameOf(current)
  const [text, setText] = useState(shown)
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  // Another value came from elsewhere: from a suggestion, say.
  useEffect(() => setText(shown), [shown])
  const found = open ? matches(codes, text === shown ? '' : text) : []
  const list = `${control.id}-list`
  const take = (code: string) => {
    const taken = codes.find((one) => one.code === code)
    choose(code)
    setText(adds ? '' : taken === undefined ? code : nameOf(taken))
    setOpen(false)
  }
  const leave = () => {
    setOpen(false)
    control.onBlur?.()
    if (text === shown) return
    const wanted = plain(text)
    const exact = codes.find(({ code, label }) => plain(code) === wanted || plain(label) === wanted)
    take(exact?.code ?? text.trim())
  }
  const key = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    const one = found[at]
    if (step !== undefined && open) setAt(Math.max(0, Math.min(found.length - 1, at + step)))
    else if (step !== undefined) setOpen(true)
    else if (event.key === 'Enter' && open && one !== undefined) take(one.code)
    else if (event.key === 'Escape' && open) {
      setText(shown)
      setOpen(false)
    } else return
    event.preventDefault()
  }
  return (
    <div className="search-box">
      <input
        {...control}
        className="usa-input"
        type="text"
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={list}
        {...(found[at] === undefined ? {} : { 'aria-activedescendant': `${list}-${at}` })}
        placeholder={t('form.search')}
        value={text}
        onFocus={(event) => event.target.select()}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
          setOpen(true)
        }}
        onKeyDown={key}
        onBlur={leave}
      />
      <Found list={list} found={found} at={at} open={open} take={take} />
    </div>
  )
}

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1 }

function Found({
  list,
  found,
  at,
  open,
  take,
}: {
  readonly list: string
  readonly found: readonly CodeValue[]
  readonly at: number
  readonly open: boolean
  readonly take: (code: string) => void
}) {
  const t = useT()
  useEffect(() => {
    if (open) document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [open, list, at])
  return (
    <>
      <div
        id={list}
        role="listbox"
        aria-label={t('form.codes')}
        className="search-box__list"
        hidden={!open || found.length === 0}
      >
        {found.map((one, index) => (
          // The keyboard reaches it through the box, as the pattern of a combobox has it.
          <div
            key={one.code}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="search-box__one"
            // The box keeps the focus, or it would be left before the choice is made.
            onMouseDown={(event) => event.preventDefault()}
            onMouseUp={() => take(one.code)}
          >
            {nameOf(one)}
          </div>
        ))}
      </div>
      <span className="usa-sr-only" role="status">
        {open ? t('form.matches', { count: found.length }) : ''}
      </span>
    </>
  )
}

/** Codes that begin so first, then those whose meaning has all of the words. */
function matches(codes: readonly CodeValue[], text: string): readonly CodeValue[] {
  const wanted = plain(text)
  if (wanted === '') return codes.slice(0, shownMax)
  const words = wanted.split(' ')
  const first: CodeValue[] = []
  const then: CodeValue[] = []
  for (const one of codes) {
    if (plain(one.code).startsWith(wanted)) first.push(one)
    else if (then.length < shownMax && words.every((word) => ` ${plain(nameOf(one))}`.includes(` ${word}`)))
      then.push(one)
    if (first.length === shownMax) break
  }
  return [...first, ...then].slice(0, shownMax)
}
