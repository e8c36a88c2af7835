import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rollFolder } from '../fixtures/roll.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from './tributary.ts'

const bin = new URL('../../bin/tributary.js', import.meta.url).pathname
const exchangesFolder = new URL('../../exchanges', import.meta.url).pathname
const password = 'a-Passphrase-of-our-own-7'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Club {
  readonly client: Client
  /** Runs the built command as the club. */
  cli(...words: readonly string[]): Promise<Ran>
}

/** A real node with our exchanges and the invented `roll`, and its centre. */
export interface Clubs {
  readonly node: NodeProcess
  readonly folder: string
  readonly centre: Club
  /** A partner with a machine's account; `identifiers` such as `ori/CA0990100`. */
  club(partner: string, identifiers?: readonly string[]): Promise<Club>
  close(): Promise<void>
}

/** @param databaseUrl null: the embedded database */
export async function openClubs(databaseUrl: string | null): Promise<Clubs> {
  const folder = await mkdtemp(join(tmpdir(), 'clubs-'))
  await cp(exchangesFolder, join(folder, 'exchanges'), { recursive: true })
  await cp(rollFolder, join(folder, 'exchanges', 'roll'), { recursive: true })
  const node = await startTributary({
    TRIBUTARY_DATA: join(folder, 'data'),
    TRIBUTARY_EXCHANGES: join(folder, 'exchanges'),
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  })
  const office = await firstSignIn(node, password)
  const cliAs =
    (id: string, secret: string): Club['cli'] =>
    async (...words) => {
      const env = {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        TRIBUTARY_URL: node.url,
        TRIBUTARY_CLIENT_ID: id,
        TRIBUTARY_CLIENT_SECRET: secret,
      }
      const done = await promisify(execFile)(process.execPath, [bin, ...words], { env, cwd: folder }).catch(
        (error: { code: number; stdout: string; stderr: string }) => error,
      )
      return { code: 'code' in done ? done.code : 0, stdout: done.stdout, stderr: done.stderr }
    }
  return {
    node,
    folder,
    centre: { client: office, cli: cliAs('administrator', password) },
    async club(partner, identifiers = []) {
      await office.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
      for (const identifier of identifiers)
        await office.request('PUT', `/v1/partners/${partner}/identifiers/${identifier}`)
      const account = `${partner}-feed`
      await office.json('POST', '/v1/accounts', {
        body: { name: account, partner, kind: 'machine', realms: ['live', 'test'] },
      })
      const grants = ['submit', 'read', 'close', 'delete']
      for (const exchange of ['roll', 'ripa', 'voter'])
        await office.json('PUT', `/v1/accounts/${account}/grants/${exchange}`, { body: { grants } })
      const { clientId, clientSecret } = await office.json<{ clientId: string; clientSecret: string }>(
        'POST',
        `/v1/accounts/${account}/secret`,
      )
      return {
        client: await signIn(node.url, clientId, clientSecret),
        cli: cliAs(clientId, clientSecret),
      }
    },
    async close() {
      await node.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
