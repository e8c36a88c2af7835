import { expect, test } from 'vitest'
import type { IntakeFile } from '../../store/intake-files.ts'
import { deliveriesOf } from './submit.ts'

const blank = {
  file: '',
  folder: 'PROD/INPUT',
  contentBytes: 10,
  bytes: 10,
  splits: 0,
} as unknown as IntakeFile

const sent = (name: string, account: string, change: Partial<IntakeFile> = {}): IntakeFile => ({
  ...blank,
  name,
  account,
  ...change,
})
const shown = (files: readonly IntakeFile[]) =>
  deliveriesOf(files).map((delivery) => [delivery.account, delivery.files.map(({ name }) => name).join(' ')])

test('files of one account that follow each other are one submission; none overtakes another', () => {
  expect(
    shown([sent('1', 'a'), sent('2', 'a'), sent('3', 'partner:p'), sent('4', 'a'), sent('5', 'a')]),
  ).toEqual([
    ['a', '1 2'],
    ['partner:p', '3'],
    ['a', '4 5'],
  ])
})

test('a large file is alone, in its place; one name is once in a submission', () => {
  const large = { contentBytes: 2 ** 30 }
  expect(shown([sent('1', 'a'), sent('2', 'a', large), sent('3', 'a'), sent('3', 'a')])).toEqual([
    ['a', '1'],
    ['a', '2'],
    ['a', '3'],
    ['a', '3'],
  ])
})
