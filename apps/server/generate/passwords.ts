import { dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import { canonical } from '../src/canonical.ts'
import { packPasswords } from '../src/features/passwords/common-passwords.ts'
import { shortest } from '../src/features/passwords/policy.ts'

/** Shorter ones are refused for that. */
export function listCommonPasswords(): string[] {
  return [...Object.values(common), ...Object.values(english)]
    .flat()
    .map(canonical)
    .filter((word) => [...word].length >= shortest.standard)
}

export function packCommonPasswords(): Buffer {
  return packPasswords(listCommonPasswords())
}
