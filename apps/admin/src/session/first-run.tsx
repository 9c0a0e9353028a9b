import { sessionText } from '../text/common.ts'
import { CopyButton } from '../ui/copy-button.tsx'

const text = sessionText.firstRun

/** Nobody can sign in yet: names the command that makes the first superuser. */
export function FirstRun() {
  return (
    <>
      <h1>{text.title}</h1>
      <p>{text.text}</p>
      <div className="stack">
        <code className="command">{text.command}</code>
        <CopyButton value={text.command} what={text.title} />
      </div>
      <p className="muted" role="status">
        {text.again}
      </p>
    </>
  )
}
