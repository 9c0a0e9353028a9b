import { cursorOf, type User } from '@rollcall/sdk'
import { useEffect, useState } from 'react'
import { client } from './client'
import { Field } from './form'

/** All accounts, for those who hold `users.view`. */
export function Accounts() {
  const [search, setSearch] = useState('')
  const [users, setUsers] = useState<readonly User[]>([])
  const [next, setNext] = useState<string>()

  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    client.users
      .list({ search, limit: 20 }, { signal })
      .then((page) => {
        setUsers(page.results)
        setNext(cursorOf(page))
      })
      .catch((error) => signal.aborted || console.error(error))
    return () => controller.abort()
  }, [search])

  async function more() {
    const page = await client.users.list({ search, limit: 20, cursor: next })
    setUsers([...users, ...page.results])
    setNext(cursorOf(page))
  }

  return (
    <section>
      <h2>Accounts</h2>
      <Field label="Search" name="search" onChange={(event) => setSearch(event.target.value)} />
      <ul>
        {users.map(({ id, username, email }) => (
          <li key={id}>
            {username} ({email})
          </li>
        ))}
      </ul>
      {next && (
        <button type="button" onClick={more}>
          More
        </button>
      )}
    </section>
  )
}
