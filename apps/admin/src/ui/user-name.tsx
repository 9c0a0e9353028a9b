import { isApiError } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client } from '../client.ts'
import { useMay } from '../session/me.ts'
import { perform } from '../session/perform.ts'
import { commonText } from '../text/common.ts'

/** An account by its name, where the person may see it; by its id where it is gone. */
export function UserName({ id, isLink = true }: { id: string; isLink?: boolean }) {
  const { me, may } = useMay()
  const isOwn = id === me.id
  const name = useQuery({
    queryKey: ['user-name', id],
    queryFn: () => perform(() => nameOf(id)),
    enabled: !isOwn && may('users.view'),
    staleTime: 300_000,
  })
  const shown = isOwn ? me.username : name.data
  if (name.data === null) {
    return (
      <span className="muted" title={id}>
        {commonText.deletedAccount} <code>{id.slice(-6)}</code>
      </span>
    )
  }
  if (!shown || !isLink) return <bdi title={id}>{shown ?? <code>{id.slice(-6)}</code>}</bdi>
  return (
    <Link to="/users/$id" params={{ id }} title={id}>
      <bdi>{shown}</bdi>
    </Link>
  )
}

/** `null` for an account that is gone. */
async function nameOf(id: string): Promise<string | null> {
  try {
    return (await client.users.get(id)).username
  } catch (error) {
    if (isApiError(error, 'not_found')) return null
    throw error
  }
}
