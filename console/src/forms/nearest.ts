import type { CodeValue } from '../../../src/exchange/definition.ts'

/** More would be a list to read, not a suggestion. */
const suggestionsMax = 3
/** The share of letters that must agree. */
const likenessMin = 0.6

/** The codes that were probably meant by a value that is none: by code, by label, or by letters close to them. */
export function nearestCodes(values: readonly CodeValue[], sent: string, day = ''): readonly CodeValue[] {
  const wanted = plain(sent)
  if (wanted === '') return []
  const scored: { value: CodeValue; score: number }[] = []
  for (const value of values) {
    if (!inForce(value, day)) continue
    const score = Math.max(likeCode(wanted, plain(value.code)), likeLabel(wanted, plain(value.label)))
    if (score >= likenessMin) scored.push({ value, score })
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, suggestionsMax)
    .map(({ value }) => value)
}

/** A code with what it means. */
export function nameOf({ code, label }: CodeValue): string {
  return label === '' || label === code ? code : `${code} · ${label}`
}

/** Is it a code on that day (ISO)? With '' as the day: was it ever one? */
export function inForce({ from, until }: CodeValue, day: string): boolean {
  return day === '' || ((from === null || from <= day) && (until === null || day <= until))
}

/** Letters and digits alone, without accents and leading noughts: what a slip of the hand leaves alone. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^0+(?=\d)/, '')
}

function likeCode(wanted: string, code: string): number {
  if (wanted === code || wanted.replaceAll(' ', '') === code.replaceAll(' ', '')) return 1
  // One wrong digit in a short number is another number.
  if (/^\d+$/.test(code) && code.length < 4) return 0
  return 0.95 * likeness(wanted, code)
}

function likeLabel(wanted: string, label: string): number {
  if (label === '' || wanted.length < 2) return 0
  if (wanted === label) return 1
  if (wanted.length >= 3 && ` ${label}`.includes(` ${wanted}`)) return 0.9
  if (wanted.length >= 4 && label.length >= 4 && ` ${wanted}`.includes(` ${label}`)) return 0.8
  return 0.9 * likeness(wanted, label)
}

/** 1: the same; 0: nothing in common. By letters added, left out, changed or swapped. */
function likeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length)
  // So far apart in length, they cannot come near enough.
  if (Math.abs(a.length - b.length) > longest * (1 - likenessMin)) return 0
  return longest === 0 ? 1 : 1 - slips(a, b) / longest
}

function slips(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(cell(last, j) + 1, cell(row, j - 1) + 1, cell(last, j - 1) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, cell(beforeLast, j - 2) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return cell(last, b.length)
}

function cell(row: readonly number[], at: number): number {
  return row[at] ?? 0
}
