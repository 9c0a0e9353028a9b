import { SignedIn, SignedOut, useCan } from '@rollcall/sdk/react'
import { Accounts } from './accounts'
import { Profile } from './profile'
import { SignIn } from './sign-in'
import { SignUp } from './sign-up'

export function App() {
  const mayList = useCan('users.view')
  return (
    <main>
      <SignedOut>
        <SignIn />
        <SignUp />
      </SignedOut>
      <SignedIn>
        <Profile />
        {mayList && <Accounts />}
      </SignedIn>
    </main>
  )
}
