import type { DayCount } from '@rollcall/sdk'
import { formatDay, formatNumber } from '../../format.ts'
import { overviewText as text } from '../../text/overview.ts'

export interface Series {
  readonly name: string
  readonly look: 'one' | 'two'
  readonly days: readonly DayCount[]
}

const [width, height] = [600, 140]

/**
 * Bars by day, stacked where there are several series. The same numbers stand in a table for
 * those who cannot see them, or want them exactly.
 */
export function Chart({ title, series }: { title: string; series: readonly Series[] }) {
  const days = series[0]?.days ?? []
  const totals = days.map((_, index) => sum(series.map(({ days }) => days[index]?.count ?? 0)))
  const most = Math.max(1, ...totals)
  const step = width / Math.max(1, days.length)
  const heightOf = (count: number) => (count / most) * (height - 4)
  return (
    <figure className="card chart">
      <figcaption>
        <h2>{title}</h2>
        <p className="muted small">{text.days(days.length)}</p>
      </figcaption>
      {series.length > 1 && <Legend series={series} />}
      <div className="chart-box">
        <span className="chart-most small muted number">{formatNumber(most)}</span>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={text.summary(
            title,
            formatNumber(sum(totals)),
            formatNumber(Math.max(0, ...totals)),
          )}
        >
          <line className="axis" x1="0" y1={height - 0.5} x2={width} y2={height - 0.5} />
          {days.map(({ day }, index) => {
            let top = height
            return (
              <g key={day}>
                <title>{tipOf(day, series, index)}</title>
                <rect className="hit" x={index * step} y="0" width={step} height={height} />
                {series.map(({ name, look, days }) => {
                  const tall = heightOf(days[index]?.count ?? 0)
                  top -= tall
                  return (
                    <rect
                      key={name}
                      className={`bar ${look}`}
                      x={index * step + step * 0.15}
                      y={top}
                      width={step * 0.7}
                      height={tall}
                    />
                  )
                })}
              </g>
            )
          })}
        </svg>
        <p className="chart-days small muted">
          <span>{days[0] && formatDay(days[0].day, true)}</span>
          <span>{days.length > 1 && formatDay(days.at(-1)?.day ?? '', true)}</span>
        </p>
      </div>
      <NumbersTable title={title} series={series} />
    </figure>
  )
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="legend small">
      {series.map(({ name, look }) => (
        <li key={name}>
          <span className={`swatch ${look}`} aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  )
}

function NumbersTable({ title, series }: { title: string; series: readonly Series[] }) {
  const days = [...(series[0]?.days ?? [])].map(({ day }, index) => ({ day, index })).reverse()
  return (
    <details className="numbers">
      <summary>{text.asTable}</summary>
      <table className="table">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{text.day}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, index }) => (
            <tr key={day}>
              <th scope="row">{formatDay(day)}</th>
              {series.map(({ name, days }) => (
                <td key={name} className="number">
                  {formatNumber(days[index]?.count ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

function tipOf(day: string, series: readonly Series[], index: number): string {
  const counts = series.map(({ name, days }) => `${name}: ${formatNumber(days[index]?.count ?? 0)}`)
  return [formatDay(day), ...counts].join('\n')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
