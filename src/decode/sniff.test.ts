import fc from 'fast-check'
import { expect, test } from 'vitest'
import { latin, utf16 } from '../../test/decode/bytes.ts'
import { misnamed, sniff } from './sniff.ts'

const kind = (text: string) => sniff(new TextEncoder().encode(text)).kind

test.each([
  ['{"a":1}', 'json'],
  ['\n  [', 'json'],
  ['\ufeff{', 'json'],
  ['<?xml version="1.0"?><!-- x --><a/>', 'xml'],
  [' <a:b/>', 'xml'],
  ['<?xml version="1.0"?>', 'xml'],
  ['a|b\n1|2', 'csv'],
  ['"a","b"', 'csv'],
  ['a|b\n1|x\0y\n', 'csv'],
  ['<!DOCTYPE html><p>', 'unknown'],
  ['<?xml version="1.0"?>\n<HTML>', 'unknown'],
  ['<html xmlns="x">', 'unknown'],
  ['%PDF-1.7', 'unknown'],
  ['{\\rtf1 x', 'unknown'],
  ['', 'empty'],
  ['\ufeff \n', 'empty'],
  ['PK\u0003\u0004', 'zip'],
])('%j is %s', (text, expected) => {
  expect(kind(text)).toBe(expected)
})

test('UTF-16 and Windows-1252 text is known for what it holds', () => {
  expect(sniff(utf16('{"a":1}', 'le', true)).kind).toBe('json')
  expect(sniff(utf16('<stops/>', 'be', false)).kind).toBe('xml')
  expect(sniff(latin('name|city\nJos\xe9|Mu\xf1oz\n'.repeat(9))).kind).toBe('csv')
})

test('gzip, legacy workbooks and workbooks are told from other archives', () => {
  expect(sniff(Uint8Array.of(0x1f, 0x8b, 8)).kind).toBe('gzip')
  expect(sniff(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)).kind).toBe('xls')
  const entry = (name: string) =>
    latin(`PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}`)
  expect(sniff(entry('[Content_Types].xml')).kind).toBe('xlsx')
  expect(sniff(entry('xl/workbook.xml')).kind).toBe('xlsx')
  expect(sniff(entry('stops.csv')).kind).toBe('zip')
})

test('bytes that are no text are unknown', () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 3) * 31) & 0xff)
  expect(sniff(bytes)).toEqual({ kind: 'unknown', seems: 'no text' })
})

test('any bytes get an answer', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => sniff(bytes).kind.length > 0))
})

test('a hostile prolog takes no time', () => {
  expect(kind('<!---->'.repeat(2000))).toBe('xml')
  expect(kind('<!--'.repeat(4000))).toBe('xml')
})

test('a name that promises another format is noted', () => {
  expect(misnamed('stops.JSON', 'csv')).toBe(
    'The file is named .json but holds CSV; it was read as what it holds.',
  )
  expect(misnamed('stops.csv', 'csv')).toBeNull()
  expect(misnamed('stops.txt', 'csv')).toBeNull()
  expect(misnamed('stops', 'xml')).toBeNull()
})
