import { type ApiIndex, type Endpoints, listEndpoints } from '@rollcall/contract'
import type { Store } from '../../db/store.ts'
import type { Handlers } from '../../http/mount.ts'
import { ProblemError } from '../../problem.ts'
import { type KeysService, publicKeyCacheSeconds, toJwk } from '../keys/service.ts'

/** What the server tells of itself. */
export function createServerRoutes(dependencies: {
  store: Store
  keys: KeysService
  publicUrl: string
}): Handlers<Pick<Endpoints, 'index' | 'jwks' | 'health'>> {
  const { store, keys, publicUrl } = dependencies
  const index = apiIndex(publicUrl)
  return {
    index: async () => index,
    jwks: async (_input, { reply }) => {
      reply.header('cache-control', `public, max-age=${publicKeyCacheSeconds}`)
      return { keys: (await keys.listInForce()).map(toJwk) }
    },
    health: {
      live: async () => ({ status: 'ok' }),
      ready: async () => {
        await store.check()
        if (await isBehind(store)) throw notReady('The database is not migrated yet.')
        if ((await keys.listInForce()).length === 0) throw notReady('No signing key is in force.')
        return { status: 'ok' }
      },
    },
  }
}

/** A database that a newer version has migrated serves this one until it is replaced. */
async function isBehind(store: Store): Promise<boolean> {
  const pending = await store.pendingMigrations().catch(() => [])
  return pending.length > 0
}

function notReady(detail: string): ProblemError {
  return new ProblemError('service_unavailable', { detail, retryAfter: 1 })
}

function apiIndex(publicUrl: string): ApiIndex {
  return Object.fromEntries(
    listEndpoints().map(([operationId, { method, path }]) => [
      operationId,
      { method, href: publicUrl + path.replace(/:(\w+)/g, '{$1}') },
    ]),
  )
}
