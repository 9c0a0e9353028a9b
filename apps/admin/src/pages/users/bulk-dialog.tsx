import type { BulkOutcome } from '@rollcall/sdk'
import { useEffect, useRef, useState } from 'react'
import { formatNumber } from '../../format.ts'
import { announce } from '../../notices.ts'
import { refreshUsers } from '../../queries.ts'
import { commonText } from '../../text/common.ts'
import { bulkText as text } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { type BulkAction, type BulkChoice, runBulk } from './bulk.ts'
import { BulkQuestion } from './bulk-question.tsx'
import { BulkResults } from './bulk-results.tsx'
import type { Selection } from './selection.ts'

interface Run {
  readonly state: 'asking' | 'running' | 'ended'
  readonly outcomes: readonly BulkOutcome[]
  readonly error?: unknown
}

/** Asks, with how many and whom; does it with progress; tells what became of each. */
export function BulkDialog(props: {
  action: BulkAction
  selection: Selection
  onClose: () => void
}) {
  const { action, onClose } = props
  // What is being dealt with stays what it was, whatever happens to the list behind.
  const [selection] = useState(props.selection)
  const [run, setRun] = useState<Run>({ state: 'asking', outcomes: [] })
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  const words = text.actions[action]
  const total = formatNumber(selection.count)

  async function start(choice: BulkChoice) {
    stop.current = new AbortController()
    setRun({ state: 'running', outcomes: [] })
    const add = (batch: readonly BulkOutcome[]) =>
      setRun(({ outcomes }) => ({ state: 'running', outcomes: [...outcomes, ...batch] }))
    const error = await runBulk(action, selection, choice, add, stop.current.signal).catch(
      (error: unknown) => error,
    )
    setRun(({ outcomes }) => ({
      state: outcomes.length === 0 && error ? 'asking' : 'ended',
      outcomes,
      error,
    }))
    announce(words.done)
    await refreshUsers()
  }

  function close() {
    if (run.state === 'ended') props.selection.clear()
    onClose()
  }

  const done = run.outcomes.filter(({ ok }) => ok).length
  const result = text.result(formatNumber(done), formatNumber(run.outcomes.length - done))
  return (
    <Dialog
      title={
        run.state === 'asking'
          ? words.title(commonText.accounts(total, selection.count))
          : run.state === 'running'
            ? text.running
            : `${words.done}: ${result}`
      }
      description={run.state === 'asking' ? words.text : undefined}
      isAlert={run.state === 'asking'}
      onClose={run.state === 'running' ? undefined : close}
    >
      <ErrorNote error={run.error} />
      {run.state === 'asking' && (
        <BulkQuestion action={action} selection={selection} onStart={start} onClose={close} />
      )}
      {run.state === 'running' && (
        <>
          <label className="stack">
            <span role="status">{text.progress(formatNumber(run.outcomes.length), total)}</span>
            <progress max={selection.count} value={run.outcomes.length} />
          </label>
          <footer>
            <Button onClick={() => stop.current.abort()}>{text.stop}</Button>
          </footer>
        </>
      )}
      {run.state === 'ended' && (
        <BulkResults
          outcomes={run.outcomes}
          isStopped={stop.current.signal.aborted}
          onClose={close}
        />
      )}
    </Dialog>
  )
}
