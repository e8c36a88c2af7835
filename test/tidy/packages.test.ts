import { expect, test } from 'vitest'
import { read } from './tree.ts'

interface Locked {
  readonly version: string
  readonly resolved?: string
  /** A workspace of this project. */
  readonly link?: boolean
  readonly engines?: { readonly node?: string }
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> }

test('the lock file names the packages of every platform, or some versions of npm refuse it', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined &&
        packages[`${path}/node_modules/${name}`] === undefined,
    ),
  )
  expect(missing).toEqual([])
})

test('no package needs a newer Node than we do', () => {
  const least = (range: string) =>
    Math.min(...[...range.matchAll(/(?:^|[\s>=^~|])v?(\d+)/g)].map(([, major]) => Number(major)))
  const newer = Object.entries(packages).filter(([, { engines }]) => least(engines?.node ?? '0') > 20)
  expect(newer.map(([path]) => path)).toEqual([])
})

test('packages come from the public registry', () => {
  const foreign = Object.values(packages).flatMap(({ resolved, link }) =>
    link === true ? [] : (resolved ?? []),
  )
  expect(foreign.filter((url) => !url.startsWith('https://registry.npmjs.org/'))).toEqual([])
})
