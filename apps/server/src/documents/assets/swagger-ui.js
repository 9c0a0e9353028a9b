const signedOut =
  'To call what needs an account, sign in once: execute POST /api/token/ below. Its access token is then sent with every call.'
const signedIn = 'Signed in. The access token is sent with every call from this page.'
const refused =
  'The access token was refused; it may have expired. Sign in again with POST /api/token/, or renew it with POST /api/token/refresh/.'

/** A plugin of Swagger UI: the access token of an answer is sent with every call that follows. */
globalThis.signInOnce = (system) => ({
  statePlugins: {
    spec: {
      wrapActions: {
        setResponse: (original) => (path, method, response) => {
          follow(system, operationIdOf(system, path, method), response)
          return original(path, method, response)
        },
      },
    },
  },
})

function operationIdOf(system, path, method) {
  return system.specSelectors.specJson().getIn(['paths', path, method, 'operationId'])
}

function follow({ authActions }, operationId, { ok, status, body }) {
  if (ok && typeof body?.access === 'string') {
    const schema = { type: 'http', scheme: 'bearer' }
    authActions.authorize({ bearerAuth: { name: 'bearerAuth', schema, value: body.access } })
    hint.textContent = signedIn
  } else if (ok && operationId === 'logout') {
    authActions.logout(['bearerAuth'])
    hint.textContent = signedOut
  } else if (status === 401 && body?.code === 'token_not_valid') {
    hint.textContent = refused
  }
}

const hint = document.createElement('p')
hint.className = 'hint'
hint.role = 'status'
hint.textContent = signedOut

const home = document.createElement('a')
home.href = '../'
home.className = 'home'
home.textContent = '← Rollcall'

const bar = document.createElement('header')
bar.className = 'rollcall-bar'
bar.append(home, hint)
document.body.prepend(bar)

const viewport = document.createElement('meta')
viewport.name = 'viewport'
viewport.content = 'width=device-width, initial-scale=1'
document.head.append(viewport)

const dark = matchMedia('(prefers-color-scheme: dark)')
dark.addEventListener('change', followColorScheme)
followColorScheme()

function followColorScheme() {
  document.documentElement.classList.toggle('dark-mode', dark.matches)
}
