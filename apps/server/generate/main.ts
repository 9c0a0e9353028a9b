import { readFileSync, writeFileSync } from 'node:fs'
import { envExample, withSettings } from './settings.ts'

/** Writes what is derived from the settings: `pnpm generate`. */
const root = new URL('../../../', import.meta.url)
const readme = new URL('README.md', root)
writeFileSync(new URL('.env.example', root), envExample())
writeFileSync(readme, withSettings(readFileSync(readme, 'utf8')))
