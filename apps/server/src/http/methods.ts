import { listEndpoints } from '@rollcall/contract'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from '../problem.ts'

/** Answers 405 with `Allow` where the path is known and the method is not, else 404. */
export function registerNotFound(app: FastifyInstance) {
  const paths = listEndpoints().map(([, { method, path }]) => ({
    method,
    matches: toPattern(path),
  }))
  app.setNotFoundHandler((request, reply) => {
    const { pathname } = new URL(request.url, 'http://path')
    const allowed = paths
      .filter(({ matches }) => matches.test(pathname))
      .map(({ method }) => method)
    if (allowed.length === 0) {
      throw new ProblemError('not_found', { detail: 'There is nothing at this path.' })
    }
    const methods = [...new Set<string>(allowed)]
    if (methods.includes('GET')) methods.push('HEAD')
    reply.header('allow', methods.join(', '))
    throw new ProblemError('method_not_allowed', { detail: `Use ${methods.join(', ')} here.` })
  })
}

/** `/api/users/:id/` matches with and without the slash at the end. */
function toPattern(path: string): RegExp {
  const source = path.replace(/\/$/, '').replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')
  return new RegExp(`^${source}/?$`)
}
