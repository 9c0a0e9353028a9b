import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NotHereError } from './fault.ts'

/** Compiles what stands between a program and its system calls; answers the path to preload. */
export function compileShim(name: 'clock' | 'disk', folder: string): string {
  if (process.platform !== 'linux') throw new NotHereError('only Linux has LD_PRELOAD')
  const source = fileURLToPath(new URL(`shims/${name}.c`, import.meta.url))
  const library = join(folder, `${name}.so`)
  const args = ['-shared', '-fPIC', '-O2', '-Wall', '-Werror', '-o', library, source, '-ldl']
  const { error, status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' })
  if (error) throw new NotHereError('gcc is not installed here')
  if (status !== 0) throw new Error(`gcc ended with ${status}: ${stderr}`)
  return library
}
