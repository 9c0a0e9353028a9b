/** Where a document of ours says what a requirement wants said; looked up when it is generated. */
export interface Reference {
  readonly numbers: readonly string[]
  readonly document: 'README.md' | 'CONTRIBUTING.md' | 'SECURITY.md' | 'the documentation home'
  /** Words that stand there. */
  readonly says: string
}

export const references: readonly Reference[] = []
