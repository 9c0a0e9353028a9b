import { prefer, preferences } from '../../preferences.ts'
import { useStore } from '../../store.ts'
import { usersText as text } from '../../text/users.ts'
import { Menu } from '../../ui/menu.tsx'
import { optionalColumns } from './columns.tsx'

/** Which columns are shown; remembered by this browser. */
export function ColumnMenu() {
  const { userColumns } = useStore(preferences)
  const toggle = (id: string) =>
    prefer({
      userColumns: userColumns.includes(id)
        ? userColumns.filter((each) => each !== id)
        : [...userColumns, id],
    })
  return (
    <Menu
      label={text.columns}
      items={optionalColumns.map((id) => ({
        label: text.members[id],
        isOn: userColumns.includes(id),
        onSelect: () => toggle(id),
      }))}
    />
  )
}
