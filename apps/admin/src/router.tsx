import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { auditSearch } from './pages/audit/search.ts'
import { usersSearch } from './pages/users/search.ts'
import { Shell } from './shell/shell.tsx'
import { commonText } from './text/common.ts'
import { errorText } from './text/errors.ts'
import { Button } from './ui/button.tsx'
import { Loading } from './ui/states.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview.tsx'), 'OverviewPage'),
})

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import('./pages/users/users.tsx'), 'UsersPage'),
})

const newUser = createRoute({
  getParentRoute: () => root,
  path: '/users/new',
  component: lazyRouteComponent(() => import('./pages/new-user/new-user.tsx'), 'NewUserPage'),
})

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$id',
  component: lazyRouteComponent(() => import('./pages/user/user.tsx'), 'UserPage'),
})

const roles = createRoute({
  getParentRoute: () => root,
  path: '/roles',
  component: lazyRouteComponent(() => import('./pages/roles/roles.tsx'), 'RolesPage'),
})

const newRole = createRoute({
  getParentRoute: () => root,
  path: '/roles/new',
  component: lazyRouteComponent(() => import('./pages/roles/role.tsx'), 'NewRolePage'),
})

const role = createRoute({
  getParentRoute: () => root,
  path: '/roles/$id',
  component: lazyRouteComponent(() => import('./pages/roles/role.tsx'), 'RolePage'),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit.tsx'), 'AuditPage'),
})

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys/keys.tsx'), 'KeysPage'),
})

const api = createRoute({
  getParentRoute: () => root,
  path: '/api',
  component: lazyRouteComponent(() => import('./pages/api/api.tsx'), 'ApiPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    users,
    newUser,
    user,
    roles,
    newRole,
    role,
    audit,
    keys,
    api,
  ]),
  basepath: '/admin',
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading lines={6} />,
  defaultErrorComponent: Crash,
  // Texts as they are: `search=123` is no number, and `is_staff=true` is sent as it stands.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: toSearch,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function toSearch(members: Record<string, unknown>): string {
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text && `?${text}`
}

function NotFound() {
  return (
    <div className="state">
      <h1 tabIndex={-1}>{commonText.notFound.title}</h1>
      <p>{commonText.notFound.text}</p>
      <Link className="button" to="/">
        {commonText.notFound.home}
      </Link>
    </div>
  )
}

function Crash() {
  return (
    <div className="state" role="alert">
      <h1 tabIndex={-1}>{commonText.crash.title}</h1>
      <p>{commonText.crash.text}</p>
      <Button onClick={() => window.location.reload()}>{errorText.reload}</Button>
    </div>
  )
}
