import {
  context,
  ProxyTracerProvider,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Store } from '../db/store.ts'
import type { Passwords } from '../features/passwords/passwords.ts'

const tracer = trace.getTracer('rollcall')

/** One span per request, named by its operation, with the attributes of the HTTP conventions. */
export function registerTracing(app: FastifyInstance) {
  if (!isTracing()) return
  const spans = new WeakMap<FastifyRequest, Span>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions } = request
    const attributes = {
      'http.request.method': method,
      'http.route': routeOptions.url ?? '',
      'url.path': request.url.split('?', 1)[0],
      'rollcall.request_id': request.id,
    }
    const name = routeOptions.config?.operationId ?? method
    const parent = propagation.extract(context.active(), request.headers)
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent)
    spans.set(request, span)
    context.with(trace.setSpan(parent, span), done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)
    span?.setAttribute('http.response.status_code', reply.statusCode)
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
    done()
  })
}

/** The store, with a span around every transaction. */
export function traceStore(store: Store): Store {
  if (!isTracing()) return store
  return { ...store, write: (work) => inSpan('store.write', () => store.write(work)) }
}

/** The passwords, with a span around every hash. */
export function tracePasswords(passwords: Passwords): Passwords {
  if (!isTracing()) return passwords
  const { hash, verify } = passwords
  return {
    ...passwords,
    hash: (...args) => inSpan('password.hash', () => hash(...args)),
    verify: (...args) => inSpan('password.verify', () => verify(...args)),
  }
}

function isTracing(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || !!provider.getDelegateTracer('rollcall')
}

function inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, (span) => work().finally(() => span.end()))
}
