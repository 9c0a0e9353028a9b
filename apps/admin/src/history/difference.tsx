import { auditText } from '../text/audit.ts'

const text = auditText.event

/** What changed, member by member, and whatever else an event tells. */
export function Difference({ details }: { details: Readonly<Record<string, unknown>> }) {
  const { before, after, ...rest } = details
  const [old, recent] = [asRecord(before), asRecord(after)]
  const members = [...new Set([...Object.keys(old), ...Object.keys(recent)])]
  const others = Object.entries(rest)
  if (members.length === 0 && others.length === 0) return <p className="muted">{text.noDetails}</p>
  return (
    <>
      {members.length > 0 && (
        <table className="table difference">
          <caption>{text.changes}</caption>
          <thead>
            <tr>
              <th scope="col">{text.member}</th>
              <th scope="col">{text.before}</th>
              <th scope="col">{text.after}</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <tr key={member}>
                <th scope="row">
                  <code>{member}</code>
                </th>
                <td className="was">
                  <Value value={old[member]} />
                </td>
                <td className="is">
                  <Value value={recent[member]} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {others.length > 0 && (
        <dl className="facts">
          {others.map(([name, value]) => (
            <div key={name} className="fact">
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <Value value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

function Value({ value }: { value: unknown }) {
  if (value === undefined) return <span className="muted">{text.absent}</span>
  return <bdi className="value">{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
