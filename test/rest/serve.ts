import { REST_DEFAULTS, type RestConfig } from '../../src/channel/rest/config.ts'
import { createRestServer, type RestServer } from '../../src/channel/rest/server.ts'
import { type TestIdentity, testIdentity } from './identity.ts'
import { type TestPorts, testPorts } from './ports.ts'

export interface Served {
  readonly url: string
  readonly port: number
  readonly ports: TestPorts
  readonly identity: TestIdentity
  readonly server: RestServer
  /** Events logged, with their fields as text. */
  readonly logged: string[]
  /** A request as an account (its token), with a path under the server. */
  ask(path: string, init?: RequestInit & { as?: string | null }): Promise<Response>
}

/** The real server on a free port, over ports and identity of the test. Close `server` when done. */
export async function serve(config: Partial<RestConfig> = {}, compileAtOnce = false): Promise<Served> {
  const ports = testPorts()
  const identity = testIdentity()
  const logged: string[] = []
  const note = (fields: object, event: string) => {
    const err = 'err' in fields && fields.err instanceof Error ? String(fields.err.stack) : ''
    logged.push(`${event} ${JSON.stringify(fields)} ${err}`)
  }
  const log = { info: note, warn: note, error: note }
  const server = await createRestServer({
    ports,
    identity,
    log,
    config: { ...REST_DEFAULTS, ...config },
    version: '0.0.0',
    compileAtOnce,
  })
  const { url, port } = await server.listen()
  return {
    url,
    port,
    ports,
    identity,
    server,
    logged,
    ask: (path, { as = 'alder', headers, ...init } = {}) =>
      fetch(url + path, {
        ...init,
        headers: {
          ...(as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(headers as Record<string, string>),
        },
      }),
  }
}
