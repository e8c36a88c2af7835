import { expect, test } from 'vitest'
import { createProgress, duration, progressText } from './progress.ts'

test('progress tells share, amount, rate and time left', () => {
  expect(progressText(5_000, 20_000, 'records', 2_000)).toBe('25 %, 5,000 records, 2,500/s, 6 s left')
  expect(progressText(3 * 2 ** 20, null, 'bytes', 1_500)).toBe('3.0 MB, 2.0 MB/s')
  expect(progressText(0, null, 'records', 0)).toBe('0 records')
})

test('times are said as people say them', () => {
  expect([8, 200, 7_500].map(duration)).toEqual(['8 s', '3 min 20 s', '2 h 5 min'])
})

test('on a terminal one line is redrawn, never wider than the screen, and removed at the end', () => {
  let time = 0
  const written: string[] = []
  const stream = { isTTY: true, columns: 40, write: (text: string) => written.push(text) }
  const progress = createProgress('Sending stops.csv', 'bytes', stream, () => time)
  for (time = 0; time < 1000; time += 10) progress.update(time, 1000)
  progress.end()
  expect(written.length).toBeLessThan(15)
  for (const text of written) expect(text.replaceAll('\u001b[2K', '').length).toBeLessThanOrEqual(40)
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

test('in a log file there is a plain line every ten seconds', () => {
  let time = 0
  const written: string[] = []
  const progress = createProgress('Sending', 'records', { write: (text) => written.push(text) }, () => time)
  for (time = 0; time <= 25_000; time += 500) progress.update(time, 25_000)
  progress.end()
  expect(written).toHaveLength(2)
  expect(written[0]).toBe('Sending: 40 %, 10,000 records, 1,000/s, 15 s left\n')
})
