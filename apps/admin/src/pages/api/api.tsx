import { useState } from 'react'
import { calls, type RecordedCall } from '../../calls.ts'
import { formatNumber } from '../../format.ts'
import { useStore } from '../../store.ts'
import { apiText as text } from '../../text/overview.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Page } from '../../ui/page.tsx'
import { OperationList } from './operation-list.tsx'
import { curlCall, matchOf, sdkCall } from './snippets.ts'

/** Teaches the API by what the panel just did. */
export function ApiPage() {
  return (
    <Page title={text.title} lead={text.lead} actions={<Documents />}>
      <div className="stack loose">
        <LastCalls />
        <OperationList />
      </div>
    </Page>
  )
}

function Documents() {
  return (
    <>
      <a className="button" href="/">
        {text.docs}
      </a>
      <a className="button" href="/openapi.json">
        OpenAPI
      </a>
    </>
  )
}

function LastCalls() {
  const all = useStore(calls)
  // What comes while somebody reads must not push what they read away.
  const [shown, setShown] = useState(all)
  const [isShort, setShort] = useState(false)
  const listed = shown.filter(({ method }) => !isShort || method !== 'GET')
  return (
    <section className="card" aria-labelledby="calls">
      <header>
        <div>
          <h2 id="calls">{text.calls}</h2>
          <p>{text.callsLead}</p>
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={isShort}
            onChange={() => {
              setShort(!isShort)
              setShown(all)
            }}
          />
          {text.hideReads}
        </label>
      </header>
      {listed.length === 0 && <p className="muted">{text.none}</p>}
      <ol className="events calls">
        {listed.map((call) => (
          <li key={call.number}>
            <CallItem call={call} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function CallItem({ call }: { call: RecordedCall }) {
  const id = matchOf(call)?.operation.id ?? text.unknownOperation
  const isGood = call.status !== undefined && call.status < 400
  return (
    <details>
      <summary>
        <code className="what">{id}</code>
        <span className="muted small">
          <span className={isGood ? 'badge good' : 'badge danger'}>
            {call.status ?? text.noAnswer}
          </span>{' '}
          <span className="number">{text.ms(formatNumber(call.durationMs))}</span> ·{' '}
          <Instant at={call.at} isPrecise />
        </span>
      </summary>
      <div className="stack">
        <Snippet title={text.sdk} action={text.copySdk} code={sdkCall(call)} />
        <Snippet
          title={text.curl}
          action={text.copyCurl}
          code={curlCall(call, window.location.origin)}
        />
      </div>
    </details>
  )
}

function Snippet({ title, action, code }: { title: string; action: string; code: string }) {
  return (
    <div className="stack tight">
      <div className="row between">
        <span className="label">{title}</span>
        <CopyButton value={code} what={title} label={action} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre className="code-block" tabIndex={0}>
        {code}
      </pre>
    </div>
  )
}
