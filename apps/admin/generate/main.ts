import { mkdirSync, writeFileSync } from 'node:fs'
import { generate } from './generate.ts'

for (const { url, text } of generate()) {
  mkdirSync(new URL('.', url), { recursive: true })
  writeFileSync(url, text)
}
