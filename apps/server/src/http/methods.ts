import { listEndpoints } from '@rollcall/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProblemError } from '../problem.ts'

/** Answers 405 with `Allow` where the path is known and the method is not, else 404. */
export function registerNotFound(app: FastifyInstance) {
  const paths = listEndpoints().map(([, { method, path }]) => ({
    method,
    path,
    matches: toPattern(path),
  }))
  // Such as /api/users/export/, which the router would take for an id where it has no such method.
  const literal = new Set<string>(
    paths.map(({ path }) => path).filter((path) => !path.includes(':')),
  )

  function refuse(request: FastifyRequest, reply: FastifyReply) {
    const path = pathOf(request.url)
    const known = paths.filter(({ matches }) => matches.test(path))
    const exact = known.filter(({ path }) => literal.has(path))
    const allowed = (exact.length > 0 ? exact : known).map(({ method }) => method)
    if (allowed.length === 0) {
      throw new ProblemError('not_found', { detail: 'There is nothing at this path.' })
    }
    const methods = [...new Set<string>(allowed)]
    if (methods.includes('GET')) methods.push('HEAD')
    reply.header('allow', methods.join(', '))
    throw new ProblemError('method_not_allowed', { detail: `Use ${methods.join(', ')} here.` })
  }

  function isMistaken({ routeOptions, params }: FastifyRequest): boolean {
    const { id } = (params ?? {}) as { id?: string }
    return id !== undefined && literal.has((routeOptions.url ?? '').replace(':id', id))
  }

  // Before the body is read: whatever is wrong with it, there is nothing that would take it.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404 || isMistaken(request)) refuse(request, reply)
    done()
  })
  app.setNotFoundHandler(refuse)
}

/** `/api/users/:id/` matches with and without the slash at the end. */
function toPattern(path: string): RegExp {
  const source = path.replace(/\/$/, '').replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')
  return new RegExp(`^${source}/?$`)
}

/** The path as the router reads it, which has refused what cannot be decoded. */
function pathOf(url: string): string {
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/, '').split(/[?#]/, 1)
  return decodeURI(path)
}
