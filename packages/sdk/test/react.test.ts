import { createElement, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import t from 'tap'
import {
  RollcallProvider,
  type RollcallProviderProps,
  SignedIn,
  SignedOut,
  useCan,
  useClient,
  useSession,
  useUser,
} from '../src/react/index.ts'
import { json } from './fake-server.ts'
import { me, signIn } from './sign-in.ts'

function Page(): ReactNode {
  const { status } = useSession()
  const user = useUser()
  const may = useCan('users.view')
  return [
    `${status} ${user?.username} ${may}`,
    createElement(SignedIn, { key: 1 }, '[in]'),
    createElement(SignedOut, { key: 2 }, '[out]'),
  ]
}

function Finder({ onFound }: { onFound: (client: unknown) => void }): ReactNode {
  onFound(useClient())
  return null
}

/** What a server makes of the page, without the marks that React puts between texts. */
function render(props: Omit<RollcallProviderProps, 'children'>): string {
  const page = createElement(Page)
  return renderToString(createElement(RollcallProvider, props, page)).replaceAll('<!-- -->', '')
}

t.test('a server renders by what it is told, and sends nothing', async (t) => {
  const { server, client } = await signIn()
  const sent = server.requests.length
  t.equal(render({ client }), 'unknown undefined false')
  const user = { ...(await client.users.me()), permissions: ['users.view' as const] }
  const initialState = { status: 'signed_in', user } as const
  t.equal(render({ client, initialState }), 'signed_in alice true[in]')
  t.equal(
    render({ client, initialState: { status: 'signed_out', user: undefined } }),
    'signed_out undefined false[out]',
  )
  t.equal(server.requests.length, sent + 1)
})

t.test('what the server renders is not what another request has loaded', async (t) => {
  const { server, client } = await signIn()
  server.on(me, () => json(200, { username: 'alice', permissions: ['users.view'] }))
  await client.auth.loadUser()
  t.equal(render({ client }), 'unknown undefined false', 'so that hydration finds the same')
})

t.test('the client of the provider is at hand, and its lack is explained', async (t) => {
  const { client } = await signIn()
  const found: unknown[] = []
  const finder = createElement(Finder, { onFound: (client) => found.push(client) })
  renderToString(createElement(RollcallProvider, { client }, finder))
  t.equal(found[0], client)
  t.throws(() => renderToString(finder), { message: /<RollcallProvider/ })
})
