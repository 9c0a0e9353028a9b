import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { meQuery } from '../queries.ts'
import { useStore } from '../store.ts'
import { sessionText as text } from '../text/common.ts'
import { errorText } from '../text/errors.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState, Loading } from '../ui/states.tsx'
import { GateCard } from './gate-card.tsx'
import { Prompts } from './prompts.tsx'
import { SignInPage } from './sign-in-page.tsx'
import { resume, sessionState, signOut } from './state.ts'

/** Shows the panel to staff who are signed in, and to nobody else. */
export function Gate({ children }: { children: ReactNode }) {
  const state = useStore(sessionState)
  useEffect(() => void resume(), [])
  if (state === 'out') return <SignInPage />
  if (state === 'in') return <Staff>{children}</Staff>
  return (
    <GateCard>
      {state === 'unknown' ? (
        <Loading label={text.starting} />
      ) : (
        <>
          <h1>{errorText.unreachable.title}</h1>
          <p>{errorText.unreachable.detail}</p>
          <Button onClick={resume}>{errorText.retry}</Button>
        </>
      )}
    </GateCard>
  )
}

function Staff({ children }: { children: ReactNode }) {
  const { data: me, error, refetch } = useQuery(meQuery)
  if (me && (me.is_staff || me.is_superuser)) {
    return (
      <>
        {children}
        <Prompts username={me.username} id={me.id} />
      </>
    )
  }
  return (
    <GateCard>
      {me ? (
        <>
          <h1>{text.lost.title}</h1>
          <p>{text.lost.text}</p>
          <Button onClick={signOut}>{text.signIn.title}</Button>
        </>
      ) : error ? (
        <ErrorState error={error} retry={refetch} />
      ) : (
        <Loading label={text.starting} />
      )}
      <Prompts />
    </GateCard>
  )
}
