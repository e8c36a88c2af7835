import { randomUUID } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerFactory,
} from 'fastify'
import { Fault } from '../../fault/fault.ts'
import { letGo } from './bodies.ts'
import { checkRestConfig, isLoopback, proxyList, type RestConfig, type TlsFiles } from './config.ts'
import { type ConsoleFiles, serveConsole } from './console-files.ts'
import type { RestContext } from './context.ts'
import type { RestIdentity } from './identity-port.ts'
import { interactiveRoutes } from './interactive.ts'
import { lazyValidation } from './lazy-validation.ts'
import type { RestLog } from './log.ts'
import { noteMethods } from './methods.ts'
import { describeApi } from './openapi.ts'
import type { Ports } from './ports.ts'
import { problemOf, RequestError, sendProblem } from './problem.ts'
import { answerParserError } from './raw-http.ts'
import { adminRoutes } from './routes-admin.ts'
import { agentRoutes } from './routes-agent.ts'
import { browserSessionRoutes } from './routes-browser-session.ts'
import { candidateRoutes } from './routes-candidates.ts'
import { certificateRoutes } from './routes-certificates.ts'
import { changeRoutes } from './routes-changes.ts'
import { codeTableRoutes } from './routes-code-tables.ts'
import { codeRoutes } from './routes-codes.ts'
import { contactRoutes } from './routes-contacts.ts'
import { documentRoutes } from './routes-documents.ts'
import { draftRoutes } from './routes-drafts.ts'
import { duplicateRoutes } from './routes-duplicates.ts'
import { exchangePaperRoutes } from './routes-exchange-papers.ts'
import { exchangeRoutes } from './routes-exchanges.ts'
import { faultyRoutes } from './routes-faulty.ts'
import { identityRoutes } from './routes-identity.ts'
import { intakeRoutes } from './routes-intakes.ts'
import { invitationRoutes } from './routes-invitations.ts'
import { jobRoutes } from './routes-jobs.ts'
import { keyRoutes } from './routes-keys.ts'
import { mailRoutes } from './routes-mails.ts'
import { meRoutes } from './routes-me.ts'
import { messageRoutes } from './routes-messages.ts'
import { operationsRoutes } from './routes-operations.ts'
import { overviewRoutes } from './routes-overview.ts'
import { passkeyRoutes } from './routes-passkeys.ts'
import { peopleRoutes } from './routes-people.ts'
import { placeRoutes } from './routes-places.ts'
import { providerSignInRoutes } from './routes-provider-sign-in.ts'
import { providerRoutes } from './routes-providers.ts'
import { qualityRoutes } from './routes-quality.ts'
import { reconcileRoutes } from './routes-reconcile.ts'
import { recordExportRoutes } from './routes-record-export.ts'
import { recordTransferRoutes } from './routes-record-transfer.ts'
import { recordRoutes } from './routes-records.ts'
import { reportRoutes } from './routes-reports.ts'
import { ruleTrialRoutes } from './routes-rule-trial.ts'
import { ruleRoutes } from './routes-rules.ts'
import { runRoutes } from './routes-runs.ts'
import { sessionRoutes } from './routes-sessions.ts'
import { statusRoutes } from './routes-status.ts'
import { submissionRoutes } from './routes-submissions.ts'
import { transferRoutes } from './routes-transfers.ts'
import { treeRoutes } from './routes-tree.ts'
import { validateRoutes } from './routes-validate.ts'
import { workItemRoutes } from './routes-work-items.ts'
import { addSchemas } from './schemas.ts'
import { addBulkSchemas } from './schemas-bulk.ts'
import { addCandidateSchemas } from './schemas-candidates.ts'
import { addDuplicateSchemas } from './schemas-duplicates.ts'
import { addFormsSchemas } from './schemas-forms.ts'
import { addJobSchemas } from './schemas-jobs.ts'
import { addMessageSchemas } from './schemas-messages.ts'
import { addOperationsSchemas } from './schemas-operations.ts'
import { addOverviewSchemas } from './schemas-overview.ts'
import { addPeopleSchemas } from './schemas-people.ts'
import { addQualitySchemas } from './schemas-quality.ts'
import { addReconcileSchemas } from './schemas-reconcile.ts'
import { addRegistrySchemas } from './schemas-registry.ts'
import { addRuleSchemas } from './schemas-rules.ts'
import { answerSdcsError, isSdcsPath, sdcsRoutes } from './sdcs.ts'
import { auditRequests, signInHook } from './sign-in.ts'
import { readTls } from './tls.ts'

export interface RestOptions {
  readonly ports: Ports
  readonly identity: RestIdentity
  readonly log: RestLog
  readonly config: RestConfig
  /** Of the product, for the OpenAPI document. */
  readonly version: string
  /** Folder of the built console; left out: none is served. */
  readonly console?: string
  /** Compiles what checks requests before any comes, as tests want it: a schema that is wrong is found at once. */
  readonly compileAtOnce?: boolean
}

export interface RestServer {
  /** Starts listening; the address clients use, with the port that was free when 0 was asked for. */
  listen(): Promise<{ readonly url: string; readonly port: number }>
  /** Takes no new requests, lets open ones end, cuts those that do not within `closeMs`. */
  close(): Promise<void>
  /** Reads certificate, key and client authorities again (on SIGHUP, say); a bad pair leaves the old in use. */
  reloadCertificate(): Promise<void>
  readonly app: FastifyInstance
}

/** Certificate files are looked at this often. */
const WATCH_MS = 5_000
const SWEEP_MS = 50

/**
 * Builds the REST channel. Refuses (fault CONFIG_WRONG) a configuration in which passwords would cross a
 * network in the clear, and certificate files that cannot be used.
 */
export async function createRestServer(options: RestOptions): Promise<RestServer> {
  const { config, log } = options
  checkRestConfig(config)
  const server = await makeServer(config)
  const closing = new AbortController()
  const app: FastifyInstance = fastify({
    serverFactory: server.factory,
    trustProxy: typeof config.behindProxy === 'boolean' ? config.behindProxy : [...config.behindProxy],
    bodyLimit: 64 * 2 ** 10,
    // A key of several parts may stand in a path.
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: requestId,
    frameworkErrors: (error, request, reply) =>
      answerError(options, error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerParserError,
    ajv: { customOptions: { removeAdditional: false, allErrors: false } },
    ...(options.compileAtOnce === true
      ? {}
      : { schemaController: { compilersFactory: { buildValidator: lazyValidation() } } }),
  })
  // Response schemas describe; what is sent is what the ports gave, not what a schema lets through.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.decorateRequest('who', null)
  app.decorateRequest('session', null)
  app.decorateRequest('sdcs', null)
  const methods = noteMethods(app)
  app.setErrorHandler((error, request, reply) => answerError(options, error, request, reply))
  let pages: ConsoleFiles | null = null
  app.setNotFoundHandler((request, reply) => {
    // Deep links lead to the console, which finds its way by itself.
    if (pages?.isPage(request) === true) return pages.sendPage(request, reply)
    return answerError(options, noSuchPath(request, methods), request, reply)
  })
  guard(app, config, closing.signal)
  const audited = auditRequests(app, options.identity, log)
  await app.register(compress, {
    globalDecompression: false,
    encodings: ['br', 'gzip', 'deflate', 'identity'],
    // Quality 4: the default (11) is made for files that are compressed once.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  })
  await describeApi(app, options.version)
  addSchemas(app)
  addRegistrySchemas(app)
  addPeopleSchemas(app)
  addBulkSchemas(app)
  addJobSchemas(app)
  addRuleSchemas(app)
  addCandidateSchemas(app)
  addOverviewSchemas(app)
  addFormsSchemas(app)
  addQualitySchemas(app)
  addDuplicateSchemas(app)
  addMessageSchemas(app)
  addReconcileSchemas(app)
  addOperationsSchemas(app)
  addRoutes(app, {
    ports: options.ports,
    identity: options.identity,
    log,
    config,
    signIn: signInHook(options.identity),
    closing: closing.signal,
  })
  pages = await serveConsole(app, options.console ?? null)
  await app.ready()
  return {
    app,
    listen: () => listen(app, config, server, log),
    close: () => close(app, server, config, closing, audited),
    reloadCertificate: () => server.reload(),
  }
}

function addRoutes(app: FastifyInstance, context: RestContext): void {
  for (const routes of [
    identityRoutes,
    browserSessionRoutes,
    exchangeRoutes,
    exchangePaperRoutes,
    codeRoutes,
    codeTableRoutes,
    candidateRoutes,
    ruleRoutes,
    ruleTrialRoutes,
    messageRoutes,
    workItemRoutes,
    reconcileRoutes,
    submissionRoutes,
    overviewRoutes,
    qualityRoutes,
    duplicateRoutes,
    reportRoutes,
    recordRoutes,
    faultyRoutes,
    draftRoutes,
    recordExportRoutes,
    recordTransferRoutes,
    documentRoutes,
    changeRoutes,
    interactiveRoutes,
    validateRoutes,
    adminRoutes,
    certificateRoutes,
    peopleRoutes,
    invitationRoutes,
    meRoutes,
    passkeyRoutes,
    providerSignInRoutes,
    providerRoutes,
    keyRoutes,
    placeRoutes,
    contactRoutes,
    mailRoutes,
    intakeRoutes,
    treeRoutes,
    transferRoutes,
    statusRoutes,
    jobRoutes,
    runRoutes,
    sessionRoutes,
    operationsRoutes,
    agentRoutes,
    sdcsRoutes,
  ])
    routes(app, context)
}

interface MadeServer {
  readonly factory: FastifyServerFactory
  readonly instance: () => Server | TlsServer
  readonly reload: () => Promise<void>
}

/** The HTTP or HTTPS server under Fastify, with its limits. */
async function makeServer(config: RestConfig): Promise<MadeServer> {
  const limits = {
    maxHeaderSize: config.headerBytesMax,
    headersTimeout: config.smallBodyMs,
    // A document may take as long as it keeps coming; bodies have limits of their own.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(5_000, config.smallBodyMs),
    keepAliveTimeout: 65_000,
  }
  const tls = config.tls === null ? null : await readTls(config.tls)
  let made: Server | TlsServer | null = null
  return {
    factory: (handler) => {
      made =
        tls === null
          ? createServer(limits, handler)
          : // Whose certificate it is, and whether it counts, is for identity to say.
            createTlsServer({ ...limits, ...tls, requestCert: true, rejectUnauthorized: false }, handler)
      // A connection on which nothing moves either way; event streams have a heartbeat.
      made.setTimeout(config.idleMs + 60_000)
      made.maxConnections = config.connectionsMax
      made.maxHeadersCount = 200
      return made as Server
    },
    instance: () => {
      if (made === null) throw new Error('the HTTP server is made when Fastify is')
      return made
    },
    reload: async () => {
      if (config.tls === null || made === null || !('setSecureContext' in made)) return
      made.setSecureContext(await readTls(config.tls))
    },
  }
}

/** Refusals, request ids and security headers that apply to every request. */
function guard(app: FastifyInstance, config: RestConfig, closing: AbortSignal): void {
  const isProxy = proxyList(config.behindProxy)
  app.addHook('onRequest', async (request, reply) => {
    commonHeaders(request, reply, config)
    if (closing.aborted) {
      reply.header('retry-after', '5').header('connection', 'close')
      throw new RequestError(
        503,
        'CLOSING',
        'The node is shutting down; nothing was done. Come again shortly.',
      )
    }
    const peer = request.raw.socket.remoteAddress ?? ''
    if (config.tls === null && !isLoopback(peer) && !isProxy(peer) && peer !== '')
      throw new Fault('NOT_ALLOWED', {
        reason: 'Unencrypted requests are taken from the declared proxy only.',
      })
  })
  app.addHook('onSend', async (request) => letGo(request.raw))
}

function commonHeaders(request: FastifyRequest, reply: FastifyReply, config: RestConfig): void {
  reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  })
  if (!request.url.startsWith('/docs'))
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (config.tls !== null || request.protocol === 'https')
    reply.header('strict-transport-security', 'max-age=31536000')
}

/** A client may name its request, within reason, to find it again in the log. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID()
}

function noSuchPath(request: FastifyRequest, methods: ReturnType<typeof noteMethods>): RequestError {
  const allowed = methods.allowed(request.url)
  if (allowed.length === 0) return new RequestError(404, 'NOT_FOUND', 'There is nothing at this address.')
  const detail = `This address takes ${allowed.join(', ')}.`
  return new RequestError(405, 'METHOD_NOT_ALLOWED', detail, { allowed })
}

function answerError(
  { config, log }: RestOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  // An address that cannot be read is answered before any hook ran.
  commonHeaders(request, reply, config)
  const answer = problemOf(error, request.id)
  if (answer.problem.status >= 500)
    log.error({ requestId: request.id, code: answer.problem.code, err: error }, 'http.failed')
  if (isSdcsPath(request.url)) {
    answerSdcsError(error, request, reply)
    return
  }
  const { allowed } = answer.problem
  if (Array.isArray(allowed)) reply.header('allow', allowed.join(', '))
  sendProblem(reply, answer)
}

async function listen(
  app: FastifyInstance,
  config: RestConfig,
  server: MadeServer,
  log: RestLog,
): Promise<{ url: string; port: number }> {
  await app.listen({ host: config.host, port: config.port })
  const address = server.instance().address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  if (config.tls !== null) {
    const reread = () => {
      server.reload().then(
        () => log.info({}, 'tls.reloaded'),
        (error: unknown) => log.error({ err: error }, 'tls.reload_failed'),
      )
    }
    for (const file of watched(config.tls)) watchFile(file, { interval: WATCH_MS, persistent: false }, reread)
  }
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return { url: `${config.tls === null ? 'http' : 'https'}://${host}:${port}`, port }
}

function watched({ cert, key, clientCa }: TlsFiles): readonly string[] {
  return clientCa === null ? [cert, key] : [cert, key, clientCa]
}

async function close(
  app: FastifyInstance,
  server: MadeServer,
  config: RestConfig,
  closing: AbortController,
  audited: () => Promise<void>,
): Promise<void> {
  closing.abort()
  if (config.tls !== null) for (const file of watched(config.tls)) unwatchFile(file)
  const cut = setTimeout(() => server.instance().closeAllConnections(), config.closeMs)
  // A connection that was busy when closing began would otherwise be kept for its next request.
  const sweep = setInterval(() => server.instance().closeIdleConnections(), SWEEP_MS)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
    clearInterval(sweep)
  }
  await audited()
}
