import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import {
  endMarker,
  incompleteUploads,
  markEnded,
  markIncomplete,
} from '../../src/store/incomplete-uploads.ts'
import { type Served, serve } from './serve.ts'

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

/** The tree of `north` as a node left it that was killed. */
async function leftTree(): Promise<{ readonly folder: string; readonly tree: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-ended-'))
  cleanUp.push(() => rm(folder, { recursive: true, force: true }))
  const tree = join(folder, 'north')
  await mkdir(join(tree, 'PROD', 'INPUT'), { recursive: true })
  return { folder, tree }
}

async function startOn(folder: string): Promise<Served> {
  const served = await serve({ filesFolder: folder })
  cleanUp.push(() => served.close())
  return served
}

test('a file that was closed in order when the node was killed needs nothing more from its sender', async () => {
  const { folder, tree } = await leftTree()
  await writeFile(join(tree, 'PROD', 'INPUT', 'whole.json'), '{}')
  await (await markIncomplete(tree, 'PROD/INPUT/whole.json', Date.now())).written
  await endMarker(tree, 'PROD/INPUT/whole.json')
  expect((await incompleteUploads(tree)).has('PROD/INPUT/whole.json')).toBe(true)
  const served = await startOn(folder)
  await vi.waitFor(() => expect(served.uploaded).toEqual(['north']), { timeout: 10_000 })
  expect((await incompleteUploads(tree)).has('PROD/INPUT/whole.json')).toBe(false)
})

test('a name that a file was about to be renamed to when the node was killed is free', async () => {
  const { folder, tree } = await leftTree()
  await (await markEnded(tree, 'PROD/INPUT/new.json', Date.now())).written
  const served = await startOn(folder)
  await vi.waitFor(() => expect(served.uploaded).toEqual(['north']), { timeout: 10_000 })
  const { sftp } = await served.connect()
  await new Promise<void>((resolve, reject) =>
    sftp.writeFile('/PROD/INPUT/new.json', '{}', (error) => (error ? reject(error) : resolve())),
  )
  await vi.waitFor(async () => expect((await incompleteUploads(tree)).has('PROD/INPUT/new.json')).toBe(false))
})

test('a file that was opened once more after it was closed stays incomplete', async () => {
  const { folder, tree } = await leftTree()
  const path = 'PROD/INPUT/again.json'
  await writeFile(join(tree, path), '{')
  await (await markIncomplete(tree, path, Date.now())).written
  await endMarker(tree, path)
  await (await markIncomplete(tree, path, Date.now())).written
  const served = await startOn(folder)
  expect((await incompleteUploads(tree)).list.map((upload) => upload.path)).toEqual([path])
  const { sftp } = await served.connect()
  await new Promise<void>((resolve, reject) =>
    sftp.writeFile(`/${path}`, '{}', (error) => (error ? reject(error) : resolve())),
  )
  await vi.waitFor(async () => expect((await incompleteUploads(tree)).has(path)).toBe(false))
})
