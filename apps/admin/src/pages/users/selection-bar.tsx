import type { Permission, UserFilter } from '@rollcall/sdk'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { formatNumber } from '../../format.ts'
import { queryClient } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { bulkText, selectionText as text } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { BulkAction } from './bulk.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import { countQuery } from './list.ts'
import type { Selection } from './selection.ts'

const needs: Readonly<Record<BulkAction, Permission>> = {
  activate: 'users.activate',
  deactivate: 'users.activate',
  addRole: 'roles.manage',
  removeRole: 'roles.manage',
  endSessions: 'sessions.revoke',
  delete: 'users.delete',
}

/** What is selected, and what can be done with it. */
export function SelectionBar({ selection, filter }: { selection: Selection; filter: UserFilter }) {
  const { may } = useMay()
  const [action, setAction] = useState<BulkAction>()
  const all = useMutation({
    mutationFn: () => queryClient.fetchQuery(countQuery(filter)),
    onSuccess: (count) => selection.selectAll(filter, count),
  })
  const actions = (Object.keys(needs) as BulkAction[]).filter((name) => may(needs[name]))
  const count = formatNumber(selection.count)
  if (selection.count === 0) return null
  return (
    <section className="selection" aria-label={text.region}>
      <strong role="status">
        {selection.all ? text.allSelected(count) : text.count(count, selection.count)}
      </strong>
      {actions.length > 0 && (
        <Menu
          label={text.more}
          items={actions.map((name) => ({
            label: bulkText.actions[name].button,
            isDanger: name === 'delete',
            onSelect: () => setAction(name),
          }))}
        />
      )}
      {!selection.all && (
        <Button isBusy={all.isPending} onClick={() => all.mutate()}>
          {text.all}
        </Button>
      )}
      <Button look="quiet" onClick={selection.clear}>
        {text.clear}
      </Button>
      {action && (
        <BulkDialog action={action} selection={selection} onClose={() => setAction(undefined)} />
      )}
    </section>
  )
}
