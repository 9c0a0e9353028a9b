import { Redis } from 'ioredis'
import { deriveKey, hmac } from '../crypto.ts'
import type { Count, Tally } from './tally.ts'

/** Who signs in waits no longer for Redis than so. */
const defaultAnswerMs = 40

const connectMs = 1_000

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
    commandTimeout: answerMs,
    connectTimeout: connectMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, connectMs),
  }) as Client
  // Each call tells of it by itself; without a listener it would be printed.
  redis.on('error', () => {})

  const tally: Tally = {
    async add(key, amount, windowMs): Promise<Count> {
      const name = `rollcall:${hmac(secretKey, key).toString('base64url')}`
      const [total, leftMs] = await redis.addWithin(name, amount, windowMs)
      return { total, leftMs }
    },
    check: () => redis.ping(),
  }
  return { ...tally, close: () => redis.disconnect() }
}
