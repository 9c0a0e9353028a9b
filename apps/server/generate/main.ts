import { readFileSync, writeFileSync } from 'node:fs'
import { commonPasswordsUrl } from '../src/features/passwords/common-passwords.ts'
import { evidenceModule, evidenceUrl } from './evidence.ts'
import { packCommonPasswords } from './passwords.ts'
import { envExample, withSettings } from './settings.ts'
import { withSpeed } from './speed.ts'

/** Writes what is derived from the settings and from the tests: `pnpm generate`. */
const root = new URL('../../../', import.meta.url)
const readme = new URL('README.md', root)
writeFileSync(new URL('.env.example', root), envExample())
writeFileSync(readme, withSpeed(withSettings(readFileSync(readme, 'utf8'))))
writeFileSync(evidenceUrl, evidenceModule())
writeFileSync(commonPasswordsUrl, packCommonPasswords())
