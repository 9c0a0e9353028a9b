import type { OwnUser, Permission, User } from '@rollcall/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { meQuery } from '../queries.ts'

/** Who is signed in. Only below the gate, which has asked. */
export function useMe(): OwnUser {
  return useSuspenseQuery(meQuery).data
}

/** Tells what the person may do: what they may not is not offered. */
export function useMay() {
  const me = useMe()
  return {
    me,
    may: (permission: Permission) => me.permissions.includes(permission),
    /** Nobody changes an account that holds more; of roles only the server knows. */
    mayTouch: (user: User) => me.is_superuser || !user.is_superuser,
  }
}
