import type { Invitation, Invited, OneTimeLink, PasswordSetting } from '@rollcall/contract'
import type { Queries, Store } from '../../db/store.ts'
import type { UserRow } from '../../db/tables.ts'
import { type Mailer, passwordChangedMail } from '../../mailer.ts'
import { invalidFields, ProblemError } from '../../problem.ts'
import type { Origin } from '../audit/origin.ts'
import type { AuditService } from '../audit/service.ts'
import type { OneTimeTokensService } from '../one-time-tokens/service.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { RolesService } from '../roles/service.ts'
import { type Principal, toHolder } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import { toUser } from '../users/representation.ts'
import type { UsersService } from '../users/service.ts'

export type PasswordLinksService = ReturnType<typeof createPasswordLinksService>

/** Lets people set their password by a one-time link; staff never see or choose it. */
export function createPasswordLinksService(dependencies: {
  store: Store
  users: UsersService
  passwords: Passwords
  oneTimeTokens: OneTimeTokensService
  roles: RolesService
  audit: AuditService
  mailer: Mailer
  publicUrl: string
}) {
  const { store, users, passwords, oneTimeTokens, roles, audit, mailer, publicUrl } = dependencies

  /** The token stands in the fragment, which no browser sends and no server logs (ASVS 14.2.1). */
  async function linkTo(tx: Queries, userId: string): Promise<OneTimeLink> {
    const { token, expiresAt } = await oneTimeTokens.make(tx, purpose, userId)
    return { url: `${publicUrl}/set-password/#${token}`, expires_at: expiresAt }
  }

  return {
    /** Makes a link for the holder of an account that holds no more than the caller. */
    async make(id: string, actor: Principal): Promise<OneTimeLink> {
      if (id === actor.user.id) throw ownPassword()
      return store.write(async (tx) => {
        await users.lockWeaker(tx, id, actor)
        requireRecent(actor)
        const target = { type: 'user', id } as const
        await audit.record(tx, { action: 'password.link_made', by: actor, target })
        return linkTo(tx, id)
      })
    },

    /**
     * Makes an account that nobody can sign in to, and the link that changes that; `further` is
     * written with them.
     */
    async invite<T>(
      body: Invitation,
      actor: Principal,
      further: (tx: Queries, invited: Invited) => Promise<T>,
    ): Promise<T> {
      requireRecent(actor)
      return users.invite(body, actor, async (tx, row) =>
        further(tx, { user: toUser(row), link: await linkTo(tx, row.id) }),
      )
    },

    /** Spends a link: sets the password and ends every session; signs nobody in (ASVS 6.4.3). */
    async use({ token, new_password: password }: PasswordSetting, by: Origin): Promise<void> {
      const user = await findHolder(token)
      // Judged and hashed before the link is spent: a weak password does not burn it.
      const errors = await passwords.check('new_password', password, toUser(user))
      if (errors.length > 0) throw invalidFields(...errors)
      const passwordHash = await passwords.hash(password)
      const row = await store.write(async (tx) => {
        // The account before its token, as where links are made: so none waits for the other.
        const newest = await users.lock(tx, user.id)
        if (!newest?.isActive || !(await isBacked(tx, newest))) throw invalidLink()
        if (!(await oneTimeTokens.spend(tx, purpose, token))) throw invalidLink()
        return users.setPassword(tx, newest, passwordHash, by)
      })
      mailer.send(passwordChangedMail(row))
    },
  }

  async function findHolder(token: string): Promise<UserRow> {
    const userId = await oneTimeTokens.findOwner(purpose, token)
    const user = userId === undefined ? undefined : await users.findById(userId)
    if (!user?.isActive) throw invalidLink()
    return user
  }

  /** Whether the maker of the link could make it now: they may hold it still, and use it. */
  async function isBacked(tx: Queries, row: UserRow): Promise<boolean> {
    const made = await audit.findNewest(tx, row.id, ['password.link_made', 'invitation.made'])
    const maker = made?.actor_id ? await users.findWithin(tx, made.actor_id) : undefined
    if (!maker?.isActive) return false
    const holder = toHolder(maker, await roles.rightsOf(tx, maker))
    const permission = made?.action === 'invitation.made' ? 'users.create' : 'users.update'
    return holder.can(permission) && !(await roles.isStronger(tx, row, holder))
  }
}

const purpose = 'set_password'

/** One answer for a link that is unknown, used, replaced or expired. */
function invalidLink(): ProblemError {
  return invalidFields({
    field: 'token',
    code: 'invalid',
    detail: 'This link was used, replaced by a newer one, or has expired. Ask for another.',
  })
}

/** A stolen session could otherwise do without the password in force (ASVS 6.2.3). */
function ownPassword(): ProblemError {
  return new ProblemError('permission_denied', {
    detail: 'Change your own password by giving the one in force.',
  })
}
