import type { OneTimeLink } from '@rollcall/sdk'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../client.ts'
import { rules } from '../../generated/rules.gen.ts'
import { notify } from '../../notices.ts'
import { queryClient, refreshUsers, userQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { userText as text } from '../../text/user.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { LinkDialog } from './link-dialog.tsx'
import type { Version } from './profile.tsx'

type Question = 'link' | 'activation' | 'remove'

/** What can be done with an account as a whole; only what the person may. */
export function UserActions({ version }: { version: Version }) {
  const { user } = version
  const { me, may, mayTouch } = useMay()
  const [question, setQuestion] = useState<Question>()
  const [link, setLink] = useState<OneTimeLink>()
  const close = () => setQuestion(undefined)
  const isOwn = user.id === me.id
  if (!mayTouch(user)) return null
  return (
    <>
      {may('users.update') && !isOwn && (
        <Button onClick={() => setQuestion('link')}>{text.link.button}</Button>
      )}
      {may('users.activate') && !isOwn && (
        <Button
          look={user.is_active ? 'danger' : undefined}
          onClick={() => setQuestion('activation')}
        >
          {user.is_active ? text.deactivate.button : text.activate.button}
        </Button>
      )}
      {may('users.delete') && !isOwn && (
        <Button look="danger" onClick={() => setQuestion('remove')}>
          {text.remove.button}
        </Button>
      )}
      {question === 'link' && (
        <Confirm
          title={text.link.confirm(user.username)}
          text={text.link.confirmText}
          button={text.link.button}
          work={async () => setLink(await client.users.passwordLink(user.id))}
          onDone={close}
          onClose={close}
        />
      )}
      {question === 'activation' && <Activation version={version} onClose={close} />}
      {question === 'remove' && <Removal version={version} onClose={close} />}
      {link && <LinkDialog link={link} onClose={() => setLink(undefined)} />}
    </>
  )
}

function Activation({ version, onClose }: { version: Version; onClose: () => void }) {
  const { user } = version
  const [reason, setReason] = useState('')
  const words = user.is_active ? text.deactivate : text.activate

  async function work() {
    const why = reason.trim() && { reason: reason.trim() }
    await client.users.update(user.id, { is_active: !user.is_active, ...why })
  }

  async function done() {
    onClose()
    notify(words.done)
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: userQuery(user.id).queryKey }),
      refreshUsers(),
    ])
  }

  return (
    <Confirm
      title={words.title(user.username)}
      text={words.text}
      button={words.button}
      isDanger={user.is_active}
      work={work}
      onDone={done}
      onClose={onClose}
    >
      <Field label={text.deactivate.reason} hint={text.deactivate.reasonHint}>
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            maxLength={rules.UserPatch.reason.maxLength}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
    </Confirm>
  )
}

function Removal({ version, onClose }: { version: Version; onClose: () => void }) {
  const { user, etag } = version
  const navigate = useNavigate()

  async function done() {
    notify(text.remove.done(user.username))
    await navigate({ to: '/users', ignoreBlocker: true })
    queryClient.removeQueries({ queryKey: userQuery(user.id).queryKey })
    await refreshUsers()
  }

  return (
    <Confirm
      title={text.remove.title(user.username)}
      text={text.remove.text}
      button={text.remove.button}
      isDanger
      typed={{ label: text.remove.type, word: user.username }}
      work={() => client.users.delete(user.id, { ifMatch: etag })}
      onDone={done}
      onClose={onClose}
    />
  )
}
