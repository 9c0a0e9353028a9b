import type { ExportFormat, UserFilter, UserOrdering } from '@rollcall/sdk'
import { useEffect, useRef, useState } from 'react'
import { formatBytes, formatNumber } from '../../format.ts'
import { notify } from '../../notices.ts'
import { queryClient } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { exportText as text } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { exportUsers, type Progress, saveFile } from './export.ts'
import { countQuery } from './list.ts'

interface Run {
  readonly progress: Progress
  readonly total?: number
  readonly error?: unknown
}

/** Exports what the filters let through, as it comes, with progress. */
export function ExportMenu(props: { filter: UserFilter; ordering: UserOrdering | undefined }) {
  const { filter, ordering } = props
  const { may } = useMay()
  const [run, setRun] = useState<Run>()
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  if (!may('users.export')) return null

  async function start(format: ExportFormat) {
    stop.current = new AbortController()
    const { signal } = stop.current
    const show = (change: Partial<Run>) => {
      if (!signal.aborted)
        setRun((known) => ({ progress: { rows: 0, bytes: 0 }, ...known, ...change }))
    }
    show({})
    // How far it is can be told only when the number of all is known; it may come later.
    queryClient.fetchQuery(countQuery(filter)).then(
      (total) => show({ total }),
      () => {},
    )
    try {
      const query = { ...filter, ordering, format }
      const file = await exportUsers(query, (progress) => show({ progress }), signal)
      const day = new Date().toISOString().slice(0, 10)
      saveFile(file.blob, text.fileName(day, format))
      notify(text.done(formatNumber(file.rows)))
      setRun(undefined)
    } catch (error) {
      if (signal.aborted) setRun(undefined)
      else show({ error })
    }
  }

  function end() {
    stop.current.abort()
    setRun(undefined)
  }

  return (
    <>
      <Menu
        label={text.button}
        items={[
          { label: text.csv, onSelect: () => start('csv') },
          { label: text.ndjson, onSelect: () => start('ndjson') },
        ]}
      />
      {run && (
        <Dialog title={text.title} description={text.text} onClose={end}>
          <ErrorNote error={run.error} />
          <label className="stack">
            <span>
              {text.progress(formatNumber(run.progress.rows), formatBytes(run.progress.bytes))}
            </span>
            <progress max={run.total} value={run.total && run.progress.rows} />
          </label>
          <footer>
            <Button onClick={end}>{text.stop}</Button>
          </footer>
        </Dialog>
      )}
    </>
  )
}
