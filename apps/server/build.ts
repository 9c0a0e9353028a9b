import { cpSync, globSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { rolldown } from 'rolldown'

/**
 * Bundles the command line into `dist`: a start reads some twenty files instead of 1,500. What is
 * native, reads files beside itself, or is observed by tools of tracing stays outside. The parts of
 * earlier builds stay for a week, since a server may run that has not loaded all of them.
 */
const folder = import.meta.dirname
const dist = join(folder, 'dist')
const chunks = join(dist, 'chunks')

const outside = [
  '@fastify/swagger-ui',
  '@node-rs/argon2',
  '@opentelemetry/api',
  'better-sqlite3',
  'libphonenumber-js',
  'pg',
  'pg-native',
  'pino',
]

const bundle = await rolldown({
  input: { cli: join(folder, 'src/cli.mjs') },
  platform: 'node',
  external: outside.map((name) => new RegExp(`^${name}(/|$)`)),
})
// As deep below this folder as the sources are: paths to what stands beside them stay right.
await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
})
await bundle.close()

for (const data of globSync('src/**/*.gen.{bin,json}', { cwd: folder })) {
  cpSync(join(folder, data), join(chunks, basename(data)))
}
cpSync(join(folder, 'src/documents/assets'), join(chunks, 'assets'), { recursive: true })

const weekAgo = Date.now() - 7 * 86_400_000
for (const name of readdirSync(chunks)) {
  const path = join(chunks, name)
  if (name.endsWith('.js') && statSync(path).mtimeMs < weekAgo) rmSync(path)
}
// What was compiled of earlier builds is of no use any more.
rmSync(join(folder, '../../node_modules/.cache/compiled'), { recursive: true, force: true })
