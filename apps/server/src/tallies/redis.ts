import { Redis } from 'ioredis'
import { deriveKey, hmac } from '../crypto.ts'
import { withDeadline } from './deadline.ts'
import type { Count, Tally } from './tally.ts'

/** Who signs in waits no longer for Redis than so. */
const defaultAnswerMs = 40

const connectMs = 1_000
const forgetMs = 5_000

/** One step, so that no counter is ever left without an end. */
const script = `
  local total = redis.call('INCRBY', KEYS[1], ARGV[1])
  local left = redis.call('PTTL', KEYS[1])
  if left < 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    left = tonumber(ARGV[2])
  end
  return { total, left }`

interface Client extends Redis {
  addWithin(key: string, amount: number, windowMs: number): Promise<[number, number]>
}

/** Counts in Redis, for every process of every node; addresses do not stand there in clear. */
export function createRedisTally(options: {
  readonly url: string
  readonly secret: string
  readonly answerMs?: number
}) {
  const { url, secret, answerMs = defaultAnswerMs } = options
  const secretKey = deriveKey(secret, 'shared-limits')
  const redis = new Redis(url, {
    scripts: { addWithin: { lua: script, numberOfKeys: 1 } },
    // What cannot be sent fails at once.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // What nobody waits for any more is forgotten.
    commandTimeout: forgetMs,
    connectTimeout: connectMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, connectMs),
  }) as Client
  // Each call tells of it by itself; without a listener it would be printed.
  redis.on('error', () => {})

  const opened = new Promise<void>((resolve) => {
    redis.once('ready', resolve)
    setTimeout(resolve, connectMs).unref()
  })

  const tally: Tally = {
    async add(key, amount, windowMs): Promise<Count> {
      const name = `rollcall:${hmac(secretKey, key).toString('base64url')}`
      const answer = redis.addWithin(name, amount, windowMs)
      const [total, leftMs] = await withDeadline(answer, answerMs)
      return { total, leftMs }
    },
    check: () => withDeadline(redis.ping(), answerMs),
  }
  return {
    ...tally,
    /** Resolves when there is a connection, or when there could have been one. */
    opened,
    close: () => redis.disconnect(),
  }
}
