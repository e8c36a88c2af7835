import * as Plot from '@observablehq/plot'
import { useEffect, useRef, useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useTexts } from '../../app/text.tsx'
import { SERIES } from './series.ts'

type Day = Schemas['DayOfActivity']

const HEIGHT = 240

/** Records by day, stacked by what became of them. */
export default function ActivityPlot({ items }: { readonly items: readonly Day[] }) {
  const { t, language } = useTexts()
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place)
  useEffect(() => {
    const { current } = place
    if (current === null || width === 0) return
    const bars = items.flatMap((day) =>
      SERIES.map(({ name, of }) => ({ day: new Date(`${day.day}T00:00:00`), name, records: of(day) })),
    )
    const chart = Plot.plot({
      document: document.implementation.createHTMLDocument(''),
      className: 'chart',
      width,
      height: HEIGHT,
      marginLeft: 52,
      marginBottom: 28,
      x: { type: 'band', tickFormat: null, label: null, padding: 0.25 },
      y: { grid: true, label: null, ticks: 4, tickFormat: (value: number) => short(value, language) },
      color: { domain: SERIES.map(({ name }) => name), range: SERIES.map(({ colour }) => colour) },
      marks: [
        Plot.axisX({
          ticks: ticksOf(items, width),
          tickSize: 0,
          tickFormat: (day: Date) =>
            new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' }).format(day),
          label: null,
        }),
        Plot.barY(bars, { x: 'day', y: 'records', fill: 'name', order: SERIES.map(({ name }) => name) }),
        Plot.ruleY([0]),
      ],
    })
    // Its own style sheet would be refused by our policy; ours has what it says.
    for (const style of chart.querySelectorAll('style')) style.remove()
    chart.setAttribute('aria-hidden', 'true')
    current.replaceChildren(chart)
  }, [items, language, width])
  return (
    <figure className="plot__figure">
      <div ref={place} className="plot__place" />
      <figcaption className="legend">
        {SERIES.map(({ name }) => (
          <span key={name} className={`legend__one legend__one--${name}`}>
            {t(`outcome.${name}`)}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

/** Days that have a label below: as many as there is room for, today among them. */
function ticksOf(items: readonly Day[], width: number): Date[] {
  const room = Math.max(2, Math.floor(width / 80))
  const step = Math.max(1, Math.ceil(items.length / room))
  return items
    .filter((_, index) => (items.length - 1 - index) % step === 0)
    .map(({ day }) => new Date(`${day}T00:00:00`))
}

function short(value: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const { current } = place
    if (current === null) return
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    watch.observe(current)
    return () => watch.disconnect()
  }, [place])
  return width
}
