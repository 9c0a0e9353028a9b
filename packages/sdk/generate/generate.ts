import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { listEndpoints } from '@rollcall/contract'
import { printOperations, printParts } from './operations.ts'
import { printResources } from './resources.ts'
import { printProblemCodes, printSchemas } from './schemas.ts'

export interface GeneratedFile {
  readonly url: URL
  readonly text: string
}

/** The files under `src/generated` as the contract wants them, formatted, not yet written. */
export function generate(): GeneratedFile[] {
  const endpoints = listEndpoints()
  const types = [imports, printSchemas(), printProblemCodes(endpoints), printResources(endpoints)]
  return [
    file('operations.gen.ts', printOperations(endpoints)),
    file('parts.gen.ts', printParts(endpoints)),
    file('types.gen.ts', types.join('\n')),
  ]
}

const imports = `import type { Call, CallOptions, ConditionalOptions, KeyedOptions } from '../call.ts'
import type { List } from '../paging.ts'
`

const notice =
  '// Made from the API contract by `pnpm --filter @rollcall/sdk generate`; never edited by hand.\n\n'

function file(name: string, text: string): GeneratedFile {
  const url = new URL(`../src/generated/${name}`, import.meta.url)
  return { url, text: format(notice + text) }
}

/** Formats as Biome does; from standard input, since it passes over `.gen.ts` files. */
function format(text: string): string {
  const biome = fileURLToPath(import.meta.resolve('@biomejs/biome/bin/biome'))
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path=generated.ts'], {
    cwd: new URL('../../..', import.meta.url),
    input: text,
    encoding: 'utf8',
  })
}
