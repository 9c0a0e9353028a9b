import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { generate } from '../generate/generate.ts'

const dist = new URL('../dist/', import.meta.url)
const mostBytes = 150_000

/** One chunk of the build, as Vite's manifest tells of it. */
interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}

for (const { url, text } of generate()) {
  t.test(`${url.pathname.split('/').at(-1)} is what the contract gives`, async (t) => {
    t.ok(readFileSync(url, 'utf8') === text, 'run `pnpm --filter @rollcall/admin generate`')
  })
}

t.test('the first load takes less than 150 kB of JavaScript, compressed', async (t) => {
  t.ok(existsSync(dist), 'build first: pnpm --filter @rollcall/admin build')
  const manifest: Record<string, Chunk> = JSON.parse(read('.vite/manifest.json'))
  const entry = Object.entries(manifest).find(([, { isEntry }]) => isEntry)?.[0] ?? ''
  const pages = manifest[entry]?.dynamicImports ?? []
  t.ok(pages.length >= 9, 'each page comes when it is opened')
  const sizes = pages.map((page) => sizeOf(filesOf(manifest, [entry, page])))
  for (const [index, size] of sizes.entries())
    t.ok(size < mostBytes, `${pages[index]}: ${size} bytes`)
  t.comment(`first load: ${sizeOf(filesOf(manifest, [entry]))} to ${Math.max(...sizes)} bytes`)
})

t.test('the page holds nothing inline, and nothing from elsewhere', async (t) => {
  const page = read('index.html')
  t.notMatch(page, /<style|style=|<script(?![^>]* src="\/admin\/assets\/)| on\w+=|="javascript:/i)
  t.notMatch(page, /(src|href)="(?!\/admin\/assets\/)/)
})

t.test('every asset has a hash in its name, and its compressed forms beside it', async (t) => {
  const names = readdirSync(new URL('assets/', dist))
  for (const name of names) t.match(name, /-[\w-]{8}\.(js|css|svg)(\.gz|\.br)?$/)
  for (const name of names.filter((each) => /\.(js|css)$/.test(each))) {
    t.ok(names.includes(`${name}.br`) && names.includes(`${name}.gz`), name)
  }
})

/** A chunk with all that it needs before it runs. */
function filesOf(manifest: Record<string, Chunk>, keys: readonly string[]): string[] {
  const found = new Set<string>()
  const add = (key: string) => {
    const chunk = manifest[key]
    if (!chunk || found.has(chunk.file)) return
    found.add(chunk.file)
    chunk.imports?.forEach(add)
  }
  keys.forEach(add)
  return [...found]
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((total, file) => total + gzipSync(read(file)).length, 0)
}

function read(path: string): string {
  return readFileSync(new URL(path, dist), 'utf8')
}
