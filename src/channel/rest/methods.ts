import type { FastifyInstance } from 'fastify'

/** Which methods each path takes, so that a wrong one gets 405 with `Allow` rather than 404. */
export interface Methods {
  /** The methods of this path, or none when there is no such path. */
  allowed(url: string): readonly string[]
}

/** Notes every route added from now on. */
export function noteMethods(app: FastifyInstance): Methods {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const literal = url.replace(/[.\\+^$()[\]{}|?]/g, '\\$&')
    const pattern = new RegExp(`^${literal.replace(/:[A-Za-z]+/g, '[^/]+')}$`)
    routes.push({ pattern, methods: typeof method === 'string' ? [method] : method })
  })
  return {
    allowed(url) {
      const path = url.split('?')[0] ?? ''
      const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
      return [...new Set(methods)].sort()
    },
  }
}
