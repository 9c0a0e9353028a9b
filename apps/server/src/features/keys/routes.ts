import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { AccessTokens } from '../tokens/access-tokens.ts'
import type { KeysService } from './service.ts'

export function createKeyRoutes(
  keys: KeysService,
  accessTokens: Pick<AccessTokens, 'reload'>,
): Handlers<Pick<Endpoints, 'keys'>> {
  return {
    keys: {
      list: async () => ({ results: await keys.describe() }),
      rotate: async ({ body }, { principal }) => {
        const row = await (body.now ? keys.replace(principal) : keys.rotate(principal))
        // Here at once; other processes look for new keys every few seconds.
        await accessTokens.reload()
        return keys.describeNew(row)
      },
    },
  }
}
