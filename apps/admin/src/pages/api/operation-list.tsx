import { useState } from 'react'
import { type Operation, operations } from '../../generated/operations.gen.ts'
import { apiText as text } from '../../text/overview.ts'
import { Field } from '../../ui/field.tsx'

/** Every operation with the call of the SDK, and what it needs. */
export function OperationList() {
  const [words, setWords] = useState('')
  const found = operations.filter((operation) => matches(operation, words.toLowerCase()))
  return (
    <section className="card" aria-labelledby="operations">
      <header>
        <h2 id="operations">{text.operations}</h2>
      </header>
      <div className="stack">
        <Field label={text.find}>
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              type="search"
              value={words}
              onChange={({ target }) => setWords(target.value)}
            />
          )}
        </Field>
        {found.length === 0 && (
          <p className="muted" role="status">
            {text.nothing}
          </p>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
        <section className="table-box" aria-label={text.operationsTable} tabIndex={0}>
          <table className="table">
            <caption>{text.operations}</caption>
            <thead>
              <tr>
                {Object.values(text.columns).map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.map((operation) => (
                <tr key={operation.id}>
                  <th scope="row">
                    <code>{callOf(operation)}</code>
                  </th>
                  <td>
                    <code>
                      {operation.method} {operation.path.replace(/:(\w+)/g, '{$1}')}
                    </code>
                  </td>
                  <td>{operation.summary}</td>
                  <td>
                    <code>
                      {operation.permission ?? (operation.isOpen ? text.anybody : text.signedIn)}
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </section>
  )
}

function matches({ id, path, summary, permission }: Operation, words: string): boolean {
  const all = `${id} ${path} ${summary} ${permission ?? ''}`.toLowerCase()
  return words.split(/\s+/).every((word) => all.includes(word))
}

/** `client.users.update(id, body)`. */
function callOf({ id, path, takes }: Operation): string {
  const params = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name)
  return `client.${id}(${[...params, ...(takes ? [takes] : [])].join(', ')})`
}
