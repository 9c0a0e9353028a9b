import type { SigningKey } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../client.ts'
import { notify } from '../../notices.ts'
import { queryClient } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { keysText as text } from '../../text/overview.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Page } from '../../ui/page.tsx'
import { ErrorState, Forbidden, Loading } from '../../ui/states.tsx'

const looks = { next: 'accent', signing: 'good', retiring: 'warn', retired: '' } as const

export function KeysPage() {
  const { may } = useMay()
  const [isAsking, setAsking] = useState(false)
  if (!may('keys.view')) return <Forbidden permission="keys.view" />
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        may('keys.rotate') && (
          <Button look="primary" onClick={() => setAsking(true)}>
            {text.rotate}
          </Button>
        )
      }
    >
      <Keys />
      <p className="spaced">
        <a href="/.well-known/jwks.json">{text.jwks}</a>
      </p>
      {isAsking && <Rotation onClose={() => setAsking(false)} />}
    </Page>
  )
}

function Keys() {
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: () =>
      perform(async () => {
        const [{ results }, { keys }] = await Promise.all([client.keys.list(), client.jwks()])
        const publicKeys = new Map(keys.map(({ kid, x }) => [kid, x]))
        return results.map((key) => ({ ...key, publicKey: publicKeys.get(key.kid) }))
      }),
  })
  if (keys.isPending) return <Loading lines={4} />
  if (keys.isError) return <ErrorState error={keys.error} retry={keys.refetch} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="table-box" aria-label={text.table} tabIndex={0}>
      <table className="table">
        <caption>{text.table}</caption>
        <thead>
          <tr>
            {Object.entries(text.columns).map(([name, title]) => (
              <th key={name} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.data.map((key) => (
            <KeyRow key={key.kid} signingKey={key} publicKey={key.publicKey} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function KeyRow(props: { signingKey: SigningKey; publicKey: string | undefined }) {
  const { signingKey, publicKey } = props
  const { kid, state } = signingKey
  return (
    <tr>
      <th scope="row">
        <code className="nowrap">{kid}</code>
      </th>
      <td>
        <span className={`badge ${looks[state]}`} title={text.explained[state]}>
          {text.states[state]}
        </span>
      </td>
      <td className="nowrap">
        <Instant at={signingKey.created_at} isAgo />
      </td>
      <td className="nowrap">
        <Instant at={signingKey.signs_from} />
      </td>
      <td className="nowrap">
        <Instant at={signingKey.verifies_until} absent={text.open} />
      </td>
      <td>
        <code className="nowrap">{publicKey ?? '–'}</code>
      </td>
    </tr>
  )
}

function Rotation({ onClose }: { onClose: () => void }) {
  const [now, setNow] = useState(false)
  return (
    <Confirm
      title={text.rotateTitle}
      text={text.rotateText}
      button={text.rotate}
      isDanger={now}
      work={() => client.keys.rotate({ now })}
      onDone={() => {
        onClose()
        notify(text.rotated)
        return queryClient.invalidateQueries({ queryKey: ['keys'] })
      }}
      onClose={onClose}
    >
      <label className="check">
        <input type="checkbox" checked={now} onChange={() => setNow(!now)} />
        <span>
          {text.stolen}
          <span className="hint">{text.stolenHint}</span>
        </span>
      </label>
    </Confirm>
  )
}
