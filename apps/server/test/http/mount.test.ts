import { type Endpoint, endpoints, listEndpoints } from '@rollcall/contract'
import Fastify from 'fastify'
import t from 'tap'
import { mountEndpoints } from '../../src/http/mount.ts'

/** Nothing that is mounted here is called. */
const means = { authenticate: refuse, once: refuse }

t.test('ASVS 8.2.1: an endpoint that does not say who may call it is not mounted', async (t) => {
  t.doesNotThrow(mountAll, 'the contract as it is')
  const { access } = endpoints.users.list
  const endpoint: { access?: Endpoint['access'] } = endpoints.users.list
  t.teardown(() => Object.assign(endpoint, { access }))
  delete endpoint.access
  t.throws(mountAll, { message: 'users.list does not say who may call it' })
})

t.test('an endpoint without a handler is not mounted', async (t) => {
  const { register: _, ...handlers } = allHandlers()
  t.throws(() => mountEndpoints(createApp(), handlers, means), {
    message: 'register has no handler',
  })
})

function mountAll() {
  mountEndpoints(createApp(), allHandlers(), means)
}

function createApp() {
  return Fastify().decorateRequest('principal', null)
}

async function refuse(): Promise<never> {
  throw new Error('nobody')
}

/** Handlers in the shape of the contract, that do nothing. */
function allHandlers(): Record<string, never> {
  const handlers: Record<string, Record<string, unknown> | (() => void)> = {}
  for (const [operationId] of listEndpoints()) {
    const [noun = '', verb] = operationId.split('.')
    const handler = () => {}
    handlers[noun] = verb ? { ...handlers[noun], [verb]: handler } : handler
  }
  // What is mounted here is never called.
  return handlers as Record<string, never>
}
