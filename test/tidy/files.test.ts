import { expect, test } from 'vitest'
import { filesBelow, read } from './tree.ts'

const code = ['src', 'test', 'bench', 'scripts', 'console/src'].flatMap((folder) => filesBelow(folder))
const sources = code.filter((path) => /\.(tsx?|js|scss|sql|sh)$/.test(path))
const linesMax = 500

test('no file is named for being a bag', () => {
  const bags = /(^|[-/])(utils?|helpers?|common|misc|base|managers?)\.[a-z.]+$/
  expect(code.filter((path) => bags.test(path))).toEqual([])
})

test('no folder of src has a barrel', () => {
  expect(sources.filter((path) => /^src\/.*\bindex\.ts$/.test(path))).toEqual([])
})

test('file names are words in small letters joined by hyphens', () => {
  const names = sources.map((path) => path.split('/').at(-1) ?? '')
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(name))).toEqual([])
})

test('no work is left for later inside the code', () => {
  const later = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX\\b'].join(''))
  const lines = sources.flatMap((path) =>
    read(path)
      .split('\n')
      .map((text, index) => ({ place: `${path}:${index + 1}`, text })),
  )
  expect(lines.filter(({ text }) => later.test(text)).map(({ place }) => place)).toEqual([])
})

test('no rule of the compiler or the linter is switched off in the code', () => {
  const off = /@ts-(ignore|nocheck|expect-error)|biome-ignore|\b(test|it|describe)\.(skip|only|todo)\b/
  const except = 'test/tidy/files.test.ts'
  expect(sources.filter((path) => path !== except && off.test(read(path)))).toEqual([])
})

test(`no source file is longer than ${linesMax} lines`, () => {
  const long = sources.filter((path) => path.startsWith('src/') && read(path).split('\n').length > linesMax)
  expect(long).toEqual([])
})
