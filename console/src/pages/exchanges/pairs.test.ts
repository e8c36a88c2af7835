import { expect, test } from 'vitest'
import { pairsCsv, readPairs, writePairs } from './pairs.ts'

test('a pair stands on a line, however it is parted', () => {
  expect(readPairs('DEM = democratic\nREP,republican\r\n\n"01";one\nNP\tnone')).toEqual({
    map: { DEM: 'democratic', REP: 'republican', '01': 'one', NP: 'none' },
    wrong: [],
  })
})

test('lines that are no pair are told by their number', () => {
  expect(readPairs('A = 1\nnothing\n= 2\nB = 1 = 2').wrong).toEqual([2, 3, 4])
})

test('what is written is read again', () => {
  const map = { DEM: 'democratic', REP: 'republican' }
  expect(readPairs(writePairs(map)).map).toEqual(map)
  expect(readPairs(pairsCsv(map)).map).toEqual(map)
})
