import * as Plot from '@observablehq/plot'
import { useEffect, useRef, useState } from 'react'
import { useTexts } from '../../app/text.tsx'

const HEIGHT = 220
const OWN = '#345d96'
const OTHERS = '#6b7280'

export interface Point {
  /** `YYYY-MM`. */
  readonly month: string
  readonly rate: number | null
  readonly median: number | null
}

/** A rate by month, with the median of the others as a broken line. */
export default function TrendPlot({ points }: { readonly points: readonly Point[] }) {
  const { t, language } = useTexts()
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place)
  useEffect(() => {
    const { current } = place
    if (current === null || width === 0) return
    const own = points.filter(({ rate }) => rate !== null)
    const others = points.filter(({ median }) => median !== null)
    const step = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor(width / 80))))
    const ticks = points.filter((_, index) => (points.length - 1 - index) % step === 0)
    const name = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' })
    const chart = Plot.plot({
      document: document.implementation.createHTMLDocument(''),
      className: 'chart',
      width,
      height: HEIGHT,
      marginLeft: 52,
      marginBottom: 28,
      x: { type: 'point', domain: points.map(({ month }) => month), tickFormat: null, label: null },
      y: { grid: true, zero: true, label: null, ticks: 4 },
      marks: [
        Plot.axisX({
          ticks: ticks.map(({ month }) => month),
          tickSize: 0,
          tickFormat: (month: string) => name.format(new Date(`${month}-01T00:00:00Z`)),
          label: null,
        }),
        Plot.line(others, {
          x: 'month',
          y: 'median',
          stroke: OTHERS,
          strokeWidth: 2,
          strokeDasharray: '5 4',
        }),
        Plot.dot(others, { x: 'month', y: 'median', fill: OTHERS, r: 3 }),
        Plot.line(own, { x: 'month', y: 'rate', stroke: OWN, strokeWidth: 2.5 }),
        Plot.dot(own, { x: 'month', y: 'rate', fill: OWN, r: 4 }),
        Plot.ruleY([0]),
      ],
    })
    // Its own style sheet would be refused by our policy; ours has what it says.
    for (const style of chart.querySelectorAll('style')) style.remove()
    chart.setAttribute('aria-hidden', 'true')
    current.replaceChildren(chart)
  }, [points, language, width])
  return (
    <figure className="plot__figure">
      <div ref={place} className="plot__place" />
      <figcaption className="legend">
        <span className="legend__one legend__one--created">{t('quality.own')}</span>
        {points.some(({ median }) => median !== null) ? (
          <span className="legend__one legend__one--others">{t('quality.median')}</span>
        ) : null}
      </figcaption>
    </figure>
  )
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
