import AjvCompiler from '@fastify/ajv-compiler'

/** How the body, query, headers or parameters of a route are checked; the errors of the last check are on it. */
interface Check {
  (data: unknown): unknown
  errors?: unknown
}

type Factory = ReturnType<typeof AjvCompiler>

/**
 * Compiles what checks a request when a first one comes. There are hundreds of routes, and making all their checks
 * took a fifth of the time in which a node starts.
 */
export function lazyValidation(): (...of: Parameters<Factory>) => ReturnType<Factory> {
  const factory = AjvCompiler()
  return (schemas, options) => {
    let compiler: ((route: unknown) => Check) | null = null
    const compile = (route: unknown): Check => {
      compiler ??= factory(schemas, options) as (route: unknown) => Check
      return compiler(route)
    }
    const lazy = (route: unknown): Check => {
      let made: Check | null = null
      const check: Check = (data) => {
        made ??= compile(route)
        const result = made(data)
        check.errors = made.errors
        return result
      }
      return check
    }
    return lazy as unknown as ReturnType<Factory>
  }
}
