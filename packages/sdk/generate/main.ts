import { writeFileSync } from 'node:fs'
import { generate } from './generate.ts'

for (const { url, text } of generate()) writeFileSync(url, text)
