import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { startPostgres } from './postgres.ts'

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows[0]
  } finally {
    await client.end()
  }
}

test('the test run has a PostgreSQL server of its own that does not wait for the disk', async () => {
  expect(await ask(inject('postgresUrl'), 'show fsync')).toEqual({ fsync: 'off' })
})

test('a halted server comes back on the same port with what was committed', async () => {
  const server = await startPostgres()
  try {
    const url = await server.createDatabase()
    await ask(url, 'create table kept as select 1 as n')
    await server.halt()
    await expect(ask(url, 'select 1')).rejects.toThrow()
    await server.resume()
    expect(await ask(url, 'select n from kept')).toEqual({ n: 1 })
  } finally {
    await server.stop()
  }
})

test('a server leaves nothing behind when the process that started it is killed', async () => {
  const program = `
    import { startPostgres } from ${JSON.stringify(new URL('./postgres.ts', import.meta.url).href)}
    import pg from 'pg'
    const server = await startPostgres()
    const client = new pg.Client({ connectionString: server.url('postgres') })
    await client.connect()
    console.log((await client.query('show data_directory')).rows[0].data_directory)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const folder = String(line).trim()
  expect(existsSync(folder)).toBe(true)
  child.kill('SIGKILL')
  await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false)
})
