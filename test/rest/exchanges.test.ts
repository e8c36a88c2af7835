import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, serve } from './serve.ts'

/** Papers of an exchange, and who may change what it says. */

let served: Served

beforeAll(async () => {
  served = await serve()
})

afterAll(() => served.server.close())

interface Papers {
  readonly papers: readonly { readonly kind: string; readonly format: string; readonly href: string }[]
}

test('every paper of an exchange is where it is said to be', async () => {
  const { items } = (await (await served.ask('/v1/exchanges')).json()) as { items: { exchange: string }[] }
  for (const { exchange } of items) {
    const { papers } = (await (await served.ask(`/v1/exchanges/${exchange}`)).json()) as Papers
    expect(papers.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['reference', 'template', 'json-schema']),
    )
    for (const { href, format } of papers) {
      const response = await served.ask(href)
      expect([href, response.status]).toEqual([href, 200])
      expect(response.headers.get('content-disposition')).toContain(`.${format === 'md' ? 'md' : format}`)
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50)
      expect((await served.ask(href, { as: null })).status).toBe(401)
    }
  }
})

test('a type that is not there has no papers', async () => {
  const { items } = (await (await served.ask('/v1/exchanges')).json()) as { items: { exchange: string }[] }
  const exchange = items[0]?.exchange ?? ''
  expect((await served.ask(`/v1/exchanges/${exchange}/template.json?type=none`)).status).toBe(404)
  expect((await served.ask(`/v1/exchanges/${exchange}/schema.json?type=none`)).status).toBe(404)
  expect((await served.ask('/v1/exchanges/nowhere/reference.md')).status).toBe(404)
})
