import type { ReactNode } from 'react'
import iconUrl from '../icon.svg'
import { commonText } from '../text/common.ts'

/** A page that stands for itself, without the navigation. */
export function GateCard({ children }: { children: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-card">
        <p className="wordmark">
          <Mark />
          {commonText.product}
        </p>
        {children}
      </div>
    </main>
  )
}

export function Mark() {
  return <img src={iconUrl} alt="" width="22" height="22" />
}
