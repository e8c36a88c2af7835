import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** The console as it was built: its pages and parts, kept in memory and packed at their first use. */

interface ConsoleFile {
  readonly type: string
  readonly bytes: Buffer
  /** Worth packing. */
  readonly text: boolean
  br?: Promise<Buffer>
  gzip?: Promise<Buffer>
}

export interface ConsoleFiles {
  /** Does a person's browser ask for a page of the console at an address that is none of ours? */
  isPage(request: FastifyRequest): boolean
  /** The page from which all of the console begins. */
  sendPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
}

/** Nothing but our own files, none of them inside a page's text; no other site may frame us. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Addresses that belong to programs: what is not there is told to them as a problem, not as a page. */
const PROGRAMS = /^\/(?:v1|sdcs|docs|openapi\.json|health|\.well-known|assets)(?:[/?]|$)/

/**
 * Serves the console from its folder. Files under `assets` carry a hash in their name and may be kept for ever.
 * @param folder of the built console; null, or one that is not there: there is no console
 */
export async function serveConsole(
  app: FastifyInstance,
  folder: string | null,
): Promise<ConsoleFiles | null> {
  const files = folder === null ? new Map<string, ConsoleFile>() : await readFiles(folder)
  const page = files.get('index.html')
  if (page === undefined) return null
  for (const [path, file] of files) {
    if (path === 'index.html') continue
    const cached = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    app.get(`/${path}`, { schema: { hide: true } }, async (request, reply) =>
      send(request, reply, file, cached),
    )
  }
  const sendPage = (request: FastifyRequest, reply: FastifyReply) => send(request, reply, page, 'no-store')
  app.get('/', { schema: { hide: true } }, sendPage)
  return { isPage, sendPage }
}

function isPage({ method, url, headers }: FastifyRequest): boolean {
  const wanted = method === 'GET' || method === 'HEAD'
  return wanted && (headers.accept ?? '').includes('text/html') && !PROGRAMS.test(url)
}

async function readFiles(folder: string): Promise<Map<string, ConsoleFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = new Map<string, ConsoleFile>()
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, '')
    const text = /^text|json|svg/.test(type)
    files.set(name, { type, bytes: await readFile(path), text })
  }
  return files
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ConsoleFile,
  cached: string,
): Promise<FastifyReply> {
  reply.headers({
    'cache-control': cached,
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
    vary: 'accept-encoding',
  })
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const encoding = !file.text
    ? null
    : /\bbr\b/.test(accepted)
      ? 'br'
      : /\bgzip\b/.test(accepted)
        ? 'gzip'
        : null
  if (encoding !== null) reply.header('content-encoding', encoding)
  return reply.type(file.type).send(encoding === null ? file.bytes : await packed(file, encoding))
}

function packed(file: ConsoleFile, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') file.gzip ??= promisify(gzip)(file.bytes, { level: 9 })
  else
    file.br ??= promisify(brotliCompress)(file.bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.bytes.length },
    })
  return (encoding === 'gzip' ? file.gzip : file.br) ?? Promise.resolve(file.bytes)
}
