import { dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import { canonical } from '../src/canonical.ts'
import { packPasswords } from '../src/features/passwords/common-passwords.ts'

/** Short ones too: with spaces around they are long enough. */
export function listCommonPasswords(): string[] {
  return [...Object.values(common), ...Object.values(english)].flat().map(canonical)
}

export function packCommonPasswords(): Buffer {
  return packPasswords(listCommonPasswords())
}
