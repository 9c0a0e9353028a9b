import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { newRequestId } from './crypto.ts'
import { withoutValues } from './db/errors.ts'
import type { Store } from './db/store.ts'
import { registerDocuments } from './documents/register.ts'
import { createAttemptsService } from './features/attempts/service.ts'
import { createAuditChain } from './features/audit/chain.ts'
import { createDailyCounts } from './features/audit/daily-counts.ts'
import { createAuditPages } from './features/audit/pages.ts'
import { createAuditRoutes } from './features/audit/routes.ts'
import { createAuditService } from './features/audit/service.ts'
import { createBulkRoutes } from './features/bulk/routes.ts'
import { createBulkService } from './features/bulk/service.ts'
import { createIdempotencyService } from './features/idempotency/service.ts'
import { createInvitationRoutes } from './features/invitations/routes.ts'
import { createKeyRoutes } from './features/keys/routes.ts'
import { createKeysService } from './features/keys/service.ts'
import { createOneTimeTokensService } from './features/one-time-tokens/service.ts'
import { createOverviewRoutes } from './features/overview/routes.ts'
import { createPasswordLinksService } from './features/password-links/service.ts'
import { createPasswords } from './features/passwords/passwords.ts'
import { createRoleRoutes } from './features/roles/routes.ts'
import { createRolesService } from './features/roles/service.ts'
import { createServerRoutes } from './features/server/routes.ts'
import { createSessionRoutes } from './features/sessions/routes.ts'
import { createSessionsService } from './features/sessions/service.ts'
import { createSystemRoutes } from './features/system/routes.ts'
import { createSystemService } from './features/system/service.ts'
import { createAccessTokens } from './features/tokens/access-tokens.ts'
import { createRefreshTokens } from './features/tokens/refresh-tokens.ts'
import { createTokenRoutes } from './features/tokens/routes.ts'
import { createTokensService } from './features/tokens/service.ts'
import { createUserCounter } from './features/users/counter.ts'
import { createUserExporter } from './features/users/export.ts'
import { createUserPages } from './features/users/pages.ts'
import { createUserRoutes } from './features/users/routes.ts'
import { createUsersService } from './features/users/service.ts'
import { createAuthenticate } from './http/authenticate.ts'
import { registerBodyParser } from './http/body.ts'
import { createRefreshCookie } from './http/cookies.ts'
import { registerCors } from './http/cors.ts'
import { registerHeaders, setHeaders } from './http/headers.ts'
import { createOnce } from './http/idempotency.ts'
import { createJwt } from './http/jwt.ts'
import { type CountCall, registerLimits } from './http/limits.ts'
import { registerLogging } from './http/logging.ts'
import { registerNotFound } from './http/methods.ts'
import { registerMetrics } from './http/metrics.ts'
import { mountEndpoints } from './http/mount.ts'
import { answerClientError, registerProblems, sendProblem } from './http/problems.ts'
import { registerProtocol } from './http/protocol.ts'
import { compileValidator } from './http/validation.ts'
import type { Mailer } from './mailer.ts'
import type { Metrics } from './metrics.ts'

/** What an application is made of. */
export interface AppParts {
  /** With the public URL, audience and secret decided. */
  readonly config: Config & { publicUrl: string; audience: string; secret: string }
  readonly store: Store
  readonly clock: Clock
  readonly mailer: Mailer
  readonly metrics?: Metrics | undefined
  /** How calls are counted for the limits; in the memory of this process by default. */
  readonly countCall?: CountCall | undefined
  readonly logger?: FastifyBaseLogger
  /** Where the built panel is; the folder of this repository unless given. */
  readonly panelFolder?: string
}

/** Builds the application, from the settings to the routes; a map of all that there is. */
export async function buildApp(parts: AppParts) {
  const { config, clock, mailer, metrics } = parts
  const tracing = await loadTracing()
  const store = tracing?.traceStore(parts.store) ?? parts.store
  const { publicUrl, secret } = config

  const audit = createAuditService({ store, clock })
  const keys = createKeysService({ store, clock, audit, ...config })
  const accessTokens = await createAccessTokens({
    keys,
    clock,
    createJwt: (key) => createJwt({ ...key, issuer: publicUrl, audience: config.audience }),
    accessTokenSeconds: config.accessTokenSeconds,
  })
  const untraced = await createPasswords(config)
  const passwords = tracing?.tracePasswords(untraced) ?? untraced
  const counts = createDailyCounts({ store, clock })
  const chain = createAuditChain({ store, clock, audit, secret })
  const history = createAuditPages({ audit, secret, publicUrl })
  const roles = createRolesService({ store, clock, audit })
  const sessions = createSessionsService({ store, clock, settings: config, roles, audit })
  const attempts = createAttemptsService({ store, clock, audit, ...config })
  const idempotency = createIdempotencyService({ store, clock, secret })
  const oneTimeTokens = createOneTimeTokensService({ store, clock, ...config })
  const shared = {
    store,
    clock,
    passwords,
    sessions,
    attempts,
    roles,
    audit,
    oneTimeTokens,
    mailer,
  }
  const users = createUsersService({ ...shared, ...config })
  const links = createPasswordLinksService({ ...shared, users, publicUrl })
  const pages = createUserPages({ store, roles, ...config })
  const exporter = createUserExporter({ store, pages, audit })

  const app = createHttp(parts)
  const tokens = createTokensService({
    users,
    sessions,
    attempts,
    passwords,
    accessTokens,
    refreshTokens: createRefreshTokens(secret),
    onReuse: (session) =>
      app.log.warn({ userId: session.userId, sessionId: session.id }, 'refresh token reused'),
  })

  const bulk = createBulkService({
    store,
    users,
    pages,
    roles,
    sessions,
    onFailure: (error, userId, reqId) =>
      app.log.error({ err: withoutValues(error), userId, reqId }, 'one of many failed'),
  })
  const version = '0.1.0'
  const system = createSystemService({ store, clock, keys, chain, config, version })

  tracing?.registerTracing(app)
  if (metrics) registerMetrics(app, metrics, passwords.load)
  registerHeaders(app)
  registerLogging(app)
  registerProblems(app, publicUrl)
  registerBodyParser(app)
  registerProtocol(app)
  // Ahead of the limits, so that a browser's program can read that it is to wait.
  await registerCors(app, config.corsOrigins)
  if (config.limits === 'on') await registerLimits(app, parts.countCall)
  const swaggerUi = config.swaggerUi ?? (config.env === 'production' ? 'off' : 'on')
  await registerDocuments(app, {
    publicUrl,
    version,
    config,
    swaggerUi: swaggerUi === 'on',
    panel: true,
    panelFolder: parts.panelFolder,
  })
  mountEndpoints(
    app,
    {
      ...createUserRoutes({ users, sessions, pages, history, links, exporter, clock, publicUrl }),
      ...createBulkRoutes(bulk),
      ...createAuditRoutes(history, chain),
      ...createOverviewRoutes(counts, createUserCounter({ store, clock })),
      ...createSystemRoutes(system, users, config.registration),
      ...createKeyRoutes(keys, accessTokens),
      ...createInvitationRoutes(links, publicUrl),
      ...createSessionRoutes(sessions, users),
      ...createRoleRoutes(roles, publicUrl),
      ...createTokenRoutes(tokens, createRefreshCookie({ clock, ...config })),
      ...createServerRoutes({ store, keys, publicUrl }),
    },
    {
      authenticate: createAuthenticate({ accessTokens, sessions }),
      once: createOnce(idempotency),
    },
  )
  registerNotFound(app)
  const prunable = { sessions, attempts, oneTimeTokens, idempotency, counts }
  return { app, keys, accessTokens, users, chain, ...prunable }
}

export type App = Awaited<ReturnType<typeof buildApp>>

/** Only for an OpenTelemetry SDK that was loaded before the server and has made itself known. */
async function loadTracing() {
  if (!(Symbol.for('opentelemetry.js.api.1') in globalThis)) return undefined
  return import('./http/tracing.ts')
}

function createHttp({ config, logger }: AppParts): FastifyInstance {
  const app: FastifyInstance = Fastify({
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    bodyLimit: config.bodyLimitBytes,
    trustProxy: config.trustedProxies ? config.trustedProxies.split(',') : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 100 },
    requestIdHeader: false,
    genReqId: newRequestId,
    // Slow clients are closed after some seconds. Fastify sets its own `requestTimeout` over
    // that of `http`, and by itself it is not enough.
    requestTimeout: 10_000,
    http: {
      headersTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      // Node's own refusal has no body: registerProtocol refuses.
      requireHostHeader: false,
    },
    forceCloseConnections: 'idle',
    // What comes on an open connection while the server closes is answered like all else.
    return503OnClosing: false,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (error, request, reply) =>
      sendProblem(error, request, setHeaders(request, reply), config.publicUrl),
    clientErrorHandler: (error, socket) =>
      answerClientError(error, socket, { log: app.log, publicUrl: config.publicUrl }),
  })
  app.setValidatorCompiler(compileValidator)
  app.decorateRequest('principal', null)
  return app
}
