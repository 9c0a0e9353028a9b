import type { User } from '@rollcall/sdk'
import { usersText } from '../text/users.ts'

const text = usersText.status

/** Whether an account may sign in, and whether it is more than usual. */
export function UserMarks({ user }: { user: User }) {
  return (
    <span className="row marks">
      {user.is_active ? (
        <span className="dot">{text.active}</span>
      ) : (
        <span className="badge danger">{text.inactive}</span>
      )}
      {user.is_superuser && <span className="badge accent">{text.superuser}</span>}
      {user.is_staff && !user.is_superuser && <span className="badge accent">{text.staff}</span>}
    </span>
  )
}
