import { type App, buildApp } from './app.ts'
import { systemClock, toInstant } from './clock.ts'
import type { Config } from './config.ts'
import { openStore } from './db/store.ts'
import { commonPasswords } from './features/passwords/policy.ts'
import { createLogger } from './logger.ts'
import { createConsoleMailer } from './mailer.ts'
import { createMetrics, serveMetrics } from './metrics.ts'
import { findSecret } from './secret.ts'

/** Keys made by another process are known after so long. */
const keyReloadMs = 5_000

/** What has expired is deleted every so often. */
const pruneMs = 10 * 60_000

/** New audit events are sealed every so often. */
const sealMs = 1_000

/** Requests under way when the process is told to stop have so long to end. */
const drainMs = 10_000

/** The process: opens the database, migrates, listens, and stops when it is told to. */
export async function serve(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel)
  if (config.limits === 'off') logger.warn('ROLLCALL_LIMITS is off: only for load tests')
  const metrics = config.metricsPort === undefined ? undefined : createMetrics()
  const store = await openStore(config.databaseUrl, metrics?.committed)
  const migrated = await store.migrate(() => toInstant(systemClock.now()))
  if (migrated.length > 0) logger.info({ migrations: migrated }, 'database migrated')

  const publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`
  const audience = config.audience ?? publicUrl
  const secret = findSecret(config)
  const parts = { config: { ...config, publicUrl, audience, secret }, store, clock: systemClock }
  const mailer = createConsoleMailer(logger, config.env)
  const built = await buildApp({ ...parts, mailer, metrics, logger })
  await built.app.listen({ host: config.host, port: config.port })
  const closeMetrics = metrics && (await serveMetrics(metrics, config, logger))
  const timers = startTimers(built, config)
  stopOnSignals(async () => {
    for (const timer of timers) clearInterval(timer)
    closeMetrics?.()
    await built.app.close()
    await store.close()
  })
  await announce(built, publicUrl)
  // Loaded ahead of the first registration, which would otherwise wait for it.
  await commonPasswords()
}

function startTimers(built: App, config: Config): NodeJS.Timeout[] {
  const { app, accessTokens, sessions, attempts, oneTimeTokens, chain } = built
  const report = (error: unknown) => app.log.error(error, 'a recurring job failed')
  return [
    setInterval(() => accessTokens.reload().catch(report), keyReloadMs),
    setInterval(() => sessions.prune().catch(report), pruneMs),
    setInterval(() => attempts.prune().catch(report), pruneMs),
    setInterval(() => oneTimeTokens.prune().catch(report), pruneMs),
    setInterval(() => chain.prune(config.auditRetentionDays).catch(report), pruneMs),
    setInterval(() => chain.seal().catch(report), sealMs),
  ]
}

function stopOnSignals(stop: () => Promise<void>) {
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      setTimeout(() => process.exit(1), drainMs).unref()
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
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
    `  admin panel    ${publicUrl}/admin/ (to come)`,
  ]
  if (!(await users.hasSuperuser())) {
    lines.push(
      'There is no superuser yet. Make one in another terminal: npm run rollcall create-superuser',
    )
  }
  process.stderr.write(`\n${lines.join('\n')}\n\n`)
}
