import { writeFileSync } from 'node:fs'
import { printApiReport } from './api-report.ts'
import { generate } from './generate.ts'
import { printReadme } from './readme.ts'

for (const { url, text } of generate()) writeFileSync(url, text)
// These are made of what was written just now.
for (const print of [printReadme, printApiReport]) {
  const { url, text } = print()
  writeFileSync(url, text)
}
