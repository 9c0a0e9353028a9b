import cluster from 'node:cluster'
import { once } from 'node:events'
import { type AddressInfo, createServer, isIPv6 } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import type { Logger } from 'pino'
import type { App, AppParts } from './app.ts'
import { systemClock, toInstant } from './clock.ts'
import { type Config, ConfigError } from './config.ts'
import { openStore, type Store } from './db/store.ts'
import { hasKeys } from './features/keys/service.ts'
import { drain } from './http/drain.ts'
import { createLogger } from './logger.ts'
import { createConsoleMailer } from './mailer.ts'
import { findSecret, secretSetting } from './secret.ts'
import { createLeases } from './tallies/leases.ts'
import { startWorkers } from './workers/primary.ts'
import { joinPrimary, type WorkerEnd } from './workers/worker.ts'

/** Keys made by another process are known after so long. */
const keyReloadMs = 5_000

/** What has expired is deleted every so often. */
const pruneMs = 10 * 60_000

/** New audit events are sealed every so often. */
const sealMs = 1_000

/** Requests under way when the process is told to stop have so long to end. */
const drainMs = 10_000

/** The process: serves by itself, or has workers serve, and stops when it is told to. */
export async function serve(settings: Config): Promise<void> {
  const logger = createLogger(settings.logLevel)
  // Nothing is made for settings that are refused.
  secretSetting(settings)
  if (cluster.isWorker) return serveAsWorker(settings, logger)
  if (settings.limits === 'off') logger.warn('ROLLCALL_LIMITS is off: only for load tests')
  if (settings.workers > 1) return supervise(settings, logger)
  return serveRequests(settings, logger)
}

async function serveAsWorker(settings: Config, logger: Logger) {
  try {
    await serveRequests(settings, logger)
  } catch (error) {
    // The open channel would keep the process.
    cluster.worker?.disconnect()
    throw error
  }
}

/** Has workers serve, who find the database migrated, the secret made and the port free. */
async function supervise(settings: Config, logger: Logger) {
  const { port, publicUrl } = await prepare(settings, logger)
  const environment = { ROLLCALL_PORT: String(port) }
  const workers = await startWorkers({ count: settings.workers, environment, logger })
  // It has said why.
  if (!workers) process.exit(1)
  const readMetrics = async () => {
    const { addMetrics } = await import('./metrics.ts')
    return addMetrics(await workers.collectMetrics())
  }
  const closeMetrics = await listenForMetrics(readMetrics, settings, logger, workers.stop)
  const stop = async () => {
    closeMetrics?.()
    if (!(await workers.stop())) throw new Error('A worker did not end in good order')
  }
  stopOnSignals(logger, stop, workers.kill)
  announce(publicUrl, workers.hasSuperuser())
}

async function prepare(settings: Config, logger: Logger) {
  const store = await openStore(settings.databaseUrl, { refuseDamaged: true })
  try {
    await migrate(store, logger)
    const config = await complete(settings, { hasKeys: await hasKeys(store) })
    await refuseUsedPort(config)
    return config
  } finally {
    await store.close()
  }
}

/** Opens the database, listens, and does what recurs. */
async function serveRequests(settings: Config, logger: Logger) {
  const metrics =
    settings.metricsPort === undefined ? undefined : (await import('./metrics.ts')).createMetrics()
  const primary = cluster.isWorker ? joinPrimary(metrics) : undefined
  const store = await openStore(settings.databaseUrl, {
    onCommit: metrics?.committed,
    connections: settings.databaseConnections,
    readUrl: settings.databaseReadUrl,
    onReplica: (isThere) =>
      isThere
        ? logger.info('lists are read from the replica again')
        : logger.warn('the replica does not answer: lists are read from the primary'),
    refuseDamaged: primary === undefined,
  })
  const mailer = createConsoleMailer(logger, settings.env)
  try {
    await migrate(store, logger)
    const config = await complete(settings, { hasKeys: await hasKeys(store) })
    await start({ config, store, clock: systemClock, mailer, metrics, logger }, primary)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Decides what was left open. A secret is made only beside a database that is there. */
export async function complete(
  settings: Config,
  database: { hasKeys?: boolean } = {},
): Promise<AppParts['config']> {
  const secret = findSecret(settings, database)
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

async function start(parts: AppParts & { logger: Logger }, primary: WorkerEnd | undefined) {
  const { config, logger } = parts
  const tally = await openTally(config, primary, logger)
  try {
    await startApp({ ...parts, countCall: tally?.count }, primary, tally?.close)
  } catch (error) {
    // Its connection would keep the process alive.
    tally?.close()
    throw error
  }
}

async function startApp(
  parts: AppParts & { logger: Logger },
  primary: WorkerEnd | undefined,
  closeTally = () => {},
) {
  const { config, store, metrics, logger } = parts
  // Garbage of a start would make V8 take room that it never gives back: some 10 MB of 120.
  setFlagsFromString('--semi-space-growth-factor=1')
  const { buildApp } = await import('./app.ts')
  const built = await buildApp(parts)
  await listen(built, config)
  setFlagsFromString('--semi-space-growth-factor=2')
  const closeMetrics =
    metrics && !primary
      ? await listenForMetrics(metrics.text, config, logger, () => built.app.close())
      : undefined
  const timers = startTimers(built, config, primary)
  stopOnSignals(logger, async () => {
    for (const timer of timers) clearInterval(timer)
    closeMetrics?.()
    await drain(built.app)
    closeTally()
    await store.close()
  })
  const hasSuperuser = await built.users.hasSuperuser()
  if (primary) primary.tellReady(hasSuperuser)
  else announce(config.publicUrl, hasSuperuser)
}

async function migrate(store: Store, logger: Logger) {
  const migrated = await store.migrate(() => toInstant(systemClock.now()))
  if (migrated.length > 0) logger.info({ migrations: migrated }, 'database migrated')
}

/** Where calls are counted together with other processes. */
async function openTally(
  { redisUrl, secret, limits }: AppParts['config'],
  primary: WorkerEnd | undefined,
  logger: Logger,
) {
  if (limits === 'off') return undefined
  const onChange = (isShared: boolean) =>
    isShared
      ? logger.info('limits are counted together again')
      : logger.warn('limits are counted by each process alone: the shared counters do not answer')
  if (!redisUrl) return primary && { count: createLeases(primary.tally, onChange), close() {} }
  const { createRedisTally } = await import('./tallies/redis.ts')
  const redis = createRedisTally({ url: redisUrl, secret })
  await redis.opened
  return { count: createLeases(redis, onChange), close: redis.close }
}

export async function listen({ app }: App, { host, port }: Config) {
  // Each worker has a socket of its own, among which the system shares the connections out.
  const options = { host, port, reusePort: cluster.isWorker && process.platform === 'linux' }
  try {
    await app.listen(options)
  } catch (error) {
    throw explainPort(error, 'ROLLCALL_PORT', `${port} of ${host}`)
  }
}

/** Workers share a port, if need be with another server that came before. */
async function refuseUsedPort({ host, port }: Config) {
  try {
    const probe = createServer().listen(port, host)
    await once(probe, 'listening')
    probe.close()
    await once(probe, 'close')
  } catch (error) {
    throw explainPort(error, 'ROLLCALL_PORT', `${port} of ${host}`)
  }
}

/** Where there is to be such a port; answers how to stop. */
async function listenForMetrics(
  readText: () => Promise<string>,
  settings: Config,
  logger: Logger,
  giveUp: () => Promise<unknown>,
) {
  const { metricsHost, metricsPort } = settings
  if (metricsPort === undefined) return undefined
  const { serveMetrics } = await import('./metrics.ts')
  try {
    return await serveMetrics(readText, settings, logger)
  } catch (error) {
    // What listens already would keep the process alive.
    await giveUp()
    throw explainPort(error, 'ROLLCALL_METRICS_PORT', `${metricsPort} of ${metricsHost}`)
  }
}

function explainPort(error: unknown, variable: string, place: string): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error
  return new ConfigError(
    `Port ${place} is in use. Set ${variable} to another, or to 0 for any free one.`,
    { cause: error },
  )
}

function startTimers(built: App, config: Config, primary: WorkerEnd | undefined): NodeJS.Timeout[] {
  const { app, accessTokens, sessions, attempts, oneTimeTokens, idempotency, chain, counts } = built
  const report = (err: unknown) => app.log.error({ err }, 'a recurring job failed')
  const timers: NodeJS.Timeout[] = []
  const every = (ms: number, job: () => Promise<unknown>) =>
    timers.push(setInterval(() => job().catch(report), ms))

  // Each process has the keys in its memory.
  every(keyReloadMs, accessTokens.reload)
  // The rest is done in the database, and once is enough.
  const recur = () => {
    every(pruneMs, sessions.prune)
    every(pruneMs, attempts.prune)
    every(pruneMs, oneTimeTokens.prune)
    every(pruneMs, idempotency.prune)
    every(pruneMs, counts.prune)
    every(pruneMs, () => chain.prune(config.auditRetentionDays))
    every(sealMs, chain.seal)
  }
  if (primary) primary.recurs.then(recur, report)
  else recur()
  return timers
}

function stopOnSignals(logger: Logger, stop: () => Promise<void>, onDeadline = () => {}) {
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      setTimeout(() => {
        onDeadline()
        process.exit(1)
      }, drainMs).unref()
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
function announce(publicUrl: string, hasSuperuser: boolean) {
  const lines = [
    `Rollcall serves ${publicUrl}`,
    `  documentation  ${publicUrl}/`,
    `  Swagger UI     ${publicUrl}/docs/`,
    `  the API        ${publicUrl}/api/`,
    `  admin panel    ${publicUrl}/admin/`,
  ]
  if (!hasSuperuser) {
    lines.push(
      'There is no superuser yet. Make one in another terminal: npm run rollcall create-superuser',
    )
  }
  process.stderr.write(`\n${lines.join('\n')}\n\n`)
}
