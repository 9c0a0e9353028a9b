/**
 * Where the tokens of the session are kept. `localStorage`, `sessionStorage` and React Native’s
 * `AsyncStorage` fit as they are.
 */
export interface TokenStorage {
  getItem(key: string): string | null | Promise<string | null>
  setItem(key: string, value: string): unknown
  removeItem(key: string): unknown
  /** Whether other tabs or clients may use it too; they then take turns. It may unless `false`. */
  readonly isShared?: boolean
}

/** Keeps the tokens as long as the page or the process lives, out of reach of other scripts. */
export function memoryStorage(): TokenStorage {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  }
}
