import type { BulkOutcome } from '@rollcall/sdk'
import { useState } from 'react'
import { commonText } from '../../text/common.ts'
import { bulkText as text } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'

/** More rows than this nobody reads, and no page shows quickly. */
const mostRows = 500

/** What became of each account, the refused first. */
export function BulkResults(props: {
  outcomes: readonly BulkOutcome[]
  isStopped: boolean
  onClose: () => void
}) {
  const { outcomes, isStopped, onClose } = props
  const refused = outcomes.filter(({ ok }) => !ok)
  const [isShort, setShort] = useState(refused.length > 0)
  const shown = isShort ? refused : [...refused, ...outcomes.filter(({ ok }) => ok)]
  return (
    <>
      {isStopped && <p className="alert warn">{text.stopped}</p>}
      {refused.length > 0 && (
        <label className="check">
          <input type="checkbox" checked={isShort} onChange={() => setShort(!isShort)} />
          {text.onlyRefused}
        </label>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className="table-box scroll" aria-label={text.results} tabIndex={0}>
        <table className="table">
          <caption>{text.results}</caption>
          <thead>
            <tr>
              <th scope="col">{text.account}</th>
              <th scope="col">{text.outcome}</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, mostRows).map(({ id, username, ok, detail }) => (
              <tr key={id}>
                <th scope="row">
                  <bdi>{username ?? text.gone}</bdi>
                </th>
                <td>
                  {ok ? (
                    <span className="badge good">{text.ok}</span>
                  ) : (
                    <span className="problem-text">{detail}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <footer>
        <Button look="primary" onClick={onClose}>
          {commonText.done}
        </Button>
      </footer>
    </>
  )
}
