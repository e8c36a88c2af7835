import { expect, test } from 'vitest'
import { withAlert } from '../../console/src/app/alert-list.ts'
import { readOperations } from '../../console/src/app/operations-search.ts'
import { dayAfter, daysShown, entriesByDay } from '../../console/src/pages/operations/calendar-days.ts'
import { scheduleOf } from '../../console/src/pages/operations/schedule.ts'

test.each([
  [null, { kind: 'none' }],
  ['30 1 * * *', { kind: 'daily', holes: { time: '01:30' } }],
  ['0 6 * * 1', { kind: 'weekly', holes: { day: 'Monday', time: '06:00' } }],
  ['0 6 * * 7', { kind: 'weekly', holes: { day: 'Sunday', time: '06:00' } }],
  ['15 22 1 * *', { kind: 'monthly', holes: { day: 1, time: '22:15' } }],
  ['*/15 * * * *', { kind: 'minutes', holes: { count: 15 } }],
  ['5 * * * *', { kind: 'hours', holes: { count: 1 } }],
  ['0 */6 * * *', { kind: 'hours', holes: { count: 6 } }],
  // What cannot be said in a few words is shown as it is.
  ['0 6 * * 1-5', { kind: 'other' }],
  ['0 6 1 * 1', { kind: 'other' }],
  ['0 6 * 1 *', { kind: 'other' }],
  ['0 0 6 * * *', { kind: 'other' }],
])('the schedule %s is said in words', (cron, said) => {
  expect(scheduleOf(cron, 'en')).toEqual(said)
})

test('a week begins on Sunday; a month is all weeks that have a day of it', () => {
  expect(daysShown('2026-03-11', 'week')).toEqual([
    '2026-03-08',
    '2026-03-09',
    '2026-03-10',
    '2026-03-11',
    '2026-03-12',
    '2026-03-13',
    '2026-03-14',
  ])
  const month = daysShown('2026-02-10', 'month')
  expect([month[0], month.at(-1), month.length]).toEqual(['2026-02-01', '2026-02-28', 28])
  const longer = daysShown('2026-08-10', 'month')
  expect([longer[0], longer.at(-1), longer.length]).toEqual(['2026-07-26', '2026-09-05', 42])
  expect(dayAfter('2026-02-28', 1)).toBe('2026-03-01')
})

test('a day has one line for each job, which tells the worst; what is to come stands apart', () => {
  const session = (
    hour: number,
    result: 'done' | 'failed' | null,
    run: string,
    job: string | null = 'wells',
  ) => ({
    job,
    at: new Date(2026, 2, 9, hour).toISOString(),
    result,
    run,
  })
  const days = entriesByDay(
    [
      session(3, 'done', 'r3'),
      session(1, 'failed', 'r1'),
      session(2, 'done', 'r2'),
      session(4, 'done', 'r4', null),
    ],
    [
      { job: 'wells', at: new Date(2026, 2, 9, 23).toISOString() },
      { job: 'other', at: new Date(2026, 2, 10, 0).toISOString() },
    ],
  )
  expect([...days.keys()]).toEqual(['2026-03-09', '2026-03-10'])
  expect(days.get('2026-03-09')).toEqual([
    { job: 'wells', at: new Date(2026, 2, 9, 1).toISOString(), times: 3, result: 'failed', run: 'r1' },
    { job: 'wells', at: new Date(2026, 2, 9, 23).toISOString(), times: 1, result: 'planned', run: null },
  ])
})

test('an alert takes the place of what was known of it, and goes when it is resolved', () => {
  const one = { alert: 1, lastAt: '2026-03-09T01:00:00Z', resolvedAt: null as string | null }
  const two = { alert: 2, lastAt: '2026-03-09T02:00:00Z', resolvedAt: null as string | null }
  const again = { ...one, lastAt: '2026-03-09T03:00:00Z' }
  expect(withAlert(withAlert([], one), two)).toEqual([two, one])
  expect(withAlert([two, one], again)).toEqual([again, two])
  expect(withAlert([two, one], { ...two, resolvedAt: '2026-03-09T04:00:00Z' })).toEqual([one])
})

test('of an address only what a page knows is read', () => {
  expect(
    readOperations({ who: 'olive', target: 42, from: '2026-03-01', to: 'yesterday', evil: 'x', path: '' }),
  ).toEqual({
    who: 'olive',
    target: '42',
    from: '2026-03-01',
  })
})
