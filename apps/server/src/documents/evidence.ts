import { type Requirement, requirements } from './asvs.ts'
import { evidence } from './evidence.gen.ts'

/** What proves that a requirement is met. */
export type Proof =
  | { readonly kind: 'test'; readonly title: string; readonly file: string }
  | { readonly kind: 'document'; readonly document: string; readonly says: string }

/** How far a requirement is met: never claimed, but computed from what proves it. */
export type State = 'proven' | 'documented' | 'open' | 'not-applicable'

export const stateNames: Readonly<Record<State, string>> = {
  proven: 'proven by tests',
  documented: 'by a document',
  open: 'not yet',
  'not-applicable': 'not applicable',
}

export interface Finding extends Requirement {
  readonly state: State
  readonly proofs: readonly Proof[]
}

/** Every requirement with its proofs and its state. */
export function listFindings(): Finding[] {
  return requirements.map((requirement) => {
    const proofs = evidence[requirement.number] ?? []
    return { ...requirement, proofs, state: stateOf(requirement, proofs) }
  })
}

function stateOf({ notApplicable }: Requirement, proofs: readonly Proof[]): State {
  if (notApplicable !== undefined) return 'not-applicable'
  if (proofs.some(({ kind }) => kind === 'test')) return 'proven'
  return proofs.length > 0 ? 'documented' : 'open'
}
