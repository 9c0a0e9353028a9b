import { RollcallProvider } from '@rollcall/sdk/react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { client } from './client'

const root = createRoot(document.getElementById('root') as HTMLElement)

client.auth
  .loadUser()
  .then(() =>
    root.render(
      <RollcallProvider client={client}>
        <App />
      </RollcallProvider>,
    ),
  )
  .catch(() => root.render(<p>The server cannot be reached. Reload the page to try again.</p>))
