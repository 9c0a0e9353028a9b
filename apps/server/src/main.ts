import { once } from 'node:events'
import { type AddressInfo, createServer, isIPv6 } from 'node:net'
import type { Logger } from 'pino'
import { type App, type AppParts, buildApp } from './app.ts'
import { systemClock, toInstant } from './clock.ts'
import { type Config, ConfigError } from './config.ts'
import { openStore } from './db/store.ts'
import { commonPasswords } from './features/passwords/policy.ts'
import { createLogger } from './logger.ts'
import { createConsoleMailer } from './mailer.ts'
import { createMetrics, type Metrics, serveMetrics } from './metrics.ts'
import { findSecret } from './secret.ts'

/** Keys made by another process are known after so long. */
const keyReloadMs = 5_000

/** What has expired is deleted every so often. */
const pruneMs = 10 * 60_000

/** New audit events are sealed every so often. */
const sealMs = 1_000

/** Requests under way when the process is told to stop have so long to end. */
const drainMs = 10_000

/** Meanwhile connections without a request are closed every so often. */
const idleSweepMs = 50

/** The process: opens the database, migrates, listens, and stops when it is told to. */
export async function serve(settings: Config): Promise<void> {
  const logger = createLogger(settings.logLevel)
  if (settings.limits === 'off') logger.warn('ROLLCALL_LIMITS is off: only for load tests')
  const config = await complete(settings)
  const metrics = config.metricsPort === undefined ? undefined : createMetrics()
  const store = await openStore(config.databaseUrl, { onCommit: metrics?.committed })
  const mailer = createConsoleMailer(logger, config.env)
  try {
    await start({ config, store, clock: systemClock, mailer, metrics, logger })
  } catch (error) {
    await store.close()
    throw error
  }
  // Loaded ahead of the first registration, which would otherwise wait for it.
  await commonPasswords()
}

/** Decides what was left open. */
export async function complete(settings: Config): Promise<AppParts['config']> {
  const secret = findSecret(settings)
  const port = settings.port || (await findFreePort(settings.host))
  const publicUrl = settings.publicUrl ?? originOf(settings.host, port)
  return { ...settings, port, publicUrl, audience: settings.audience ?? publicUrl, secret }
}

/** The public URL must name the port before the server listens. */
async function findFreePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

function originOf(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

async function start(parts: AppParts & { logger: Logger }) {
  const { config, store, metrics, logger } = parts
  const migrated = await store.migrate(() => toInstant(systemClock.now()))
  if (migrated.length > 0) logger.info({ migrations: migrated }, 'database migrated')
  const built = await buildApp(parts)
  await listen(built, config)
  const closeMetrics = metrics && (await listenForMetrics(built, metrics, parts))
  const timers = startTimers(built, config)
  stopOnSignals(logger, async () => {
    for (const timer of timers) clearInterval(timer)
    closeMetrics?.()
    // A connection whose last request ends only now would be kept open for another.
    setInterval(() => built.app.server.closeIdleConnections(), idleSweepMs)
    await built.app.close()
    await store.close()
  })
  await announce(built, config.publicUrl)
}

export async function listen({ app }: App, { host, port }: Config) {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw explainPort(error, 'ROLLCALL_PORT', `${port} of ${host}`)
  }
}

async function listenForMetrics(
  { app }: App,
  metrics: Metrics,
  { config, logger }: AppParts & { logger: Logger },
) {
  try {
    return await serveMetrics(metrics, config, logger)
  } catch (error) {
    // It listens already, and would keep the process alive.
    await app.close()
    const place = `${config.metricsPort} of ${config.metricsHost}`
    throw explainPort(error, 'ROLLCALL_METRICS_PORT', place)
  }
}

function explainPort(error: unknown, variable: string, place: string): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error
  return new ConfigError(
    `Port ${place} is in use. Set ${variable} to another, or to 0 for any free one.`,
    { cause: error },
  )
}

function startTimers(built: App, config: Config): NodeJS.Timeout[] {
  const { app, accessTokens, sessions, attempts, oneTimeTokens, idempotency, chain, counts } = built
  const report = (err: unknown) => app.log.error({ err }, 'a recurring job failed')
  return [
    setInterval(() => accessTokens.reload().catch(report), keyReloadMs),
    setInterval(() => sessions.prune().catch(report), pruneMs),
    setInterval(() => attempts.prune().catch(report), pruneMs),
    setInterval(() => oneTimeTokens.prune().catch(report), pruneMs),
    setInterval(() => idempotency.prune().catch(report), pruneMs),
    setInterval(() => counts.prune().catch(report), pruneMs),
    setInterval(() => chain.prune(config.auditRetentionDays).catch(report), pruneMs),
    setInterval(() => chain.seal().catch(report), sealMs),
  ]
}

function stopOnSignals(logger: Logger, stop: () => Promise<void>) {
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      setTimeout(() => process.exit(1), drainMs).unref()
      stop().then(
        () => process.exit(0),
        (err) => {
          logger.error({ err }, 'stopping failed')
          process.exit(1)
        },
      )
    })
  }
}

/** For the person who has just typed `npm start`. */
async function announce({ users }: App, publicUrl: string) {
  const lines = [
    `Rollcall serves ${publicUrl}`,
    `  documentation  ${publicUrl}/`,
    `  Swagger UI     ${publicUrl}/docs/`,
    `  the API        ${publicUrl}/api/`,
    `  admin panel    ${publicUrl}/admin/`,
  ]
  if (!(await users.hasSuperuser())) {
    lines.push(
      'There is no superuser yet. Make one in another terminal: npm run rollcall create-superuser',
    )
  }
  process.stderr.write(`\n${lines.join('\n')}\n\n`)
}
