import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { LANGUAGE } from '../exchange/language.ts'
import { exchangeFileSchema, ruleSetSchema, typeFileSchema } from './language-schema.ts'
import { starterFiles } from './starter.ts'

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true })
const exchangeFile = ajv.compile(exchangeFileSchema())
const typeFile = ajv.compile(typeFileSchema())
const starter = starterFiles('visits', 'Visits')

function fitsExchange(change: object): boolean {
  return exchangeFile({ ...parse(starter['exchange.yaml'] ?? ''), ...change })
}

test('the schema of the language takes the starter', () => {
  expect(fitsExchange({}), JSON.stringify(exchangeFile.errors)).toBe(true)
  expect(typeFile(parse(starter['types/visit.yaml'] ?? '')), JSON.stringify(typeFile.errors)).toBe(true)
})

test('the schema refuses what the loader refuses: unknown keys, wrong types, words that do not exist', () => {
  expect(fitsExchange({ titel: 'x' })).toBe(false)
  expect(fitsExchange({ title: ['x'] })).toBe(false)
  expect(fitsExchange({ owner: 'partners' })).toBe(false)
  expect(fitsExchange({ exchange: 'Too Long A Name' })).toBe(false)
  expect(fitsExchange({ types: [] })).toBe(false)
  expect(fitsExchange({ realtime: { wait_ms: -1 } })).toBe(false)
})

test('each example of the language fits the key it stands for', () => {
  for (const [name, { keys }] of Object.entries(LANGUAGE))
    for (const [key, { example }] of Object.entries(keys)) {
      const root = FILES.find((one) => name === one.name || Object.hasOwn(one.schema.$defs as object, name))
      if (root === undefined) throw new Error(`${name} stands in no file`)
      const part = name === root.name ? root.schema : (root.schema.$defs as Record<string, object>)[name]
      const properties = (part as { properties: Record<string, object> }).properties
      const fits = ajv.compile({ $defs: root.schema.$defs, ...properties[key] })
      const value: unknown = parse(`v: ${example}`).v
      expect(fits(value), `${name}.${key}: ${example} ${JSON.stringify(fits.errors)}`).toBe(true)
    }
})

const FILES = [
  { name: 'exchange', schema: exchangeFileSchema() },
  { name: 'type', schema: typeFileSchema() },
  { name: 'rule_set', schema: ruleSetSchema() },
]
