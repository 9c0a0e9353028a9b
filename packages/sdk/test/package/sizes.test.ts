import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'
import { createProject, type Project } from './project.ts'

/** Compressed bytes of 1,024; nothing that is not used may be among them. */
const limits = {
  'the core, with authentication and every operation': {
    kB: 6,
    program: `import { createClient } from '@rollcall/sdk'; use(createClient)`,
  },
  'one resource': {
    kB: 4,
    program: `
      import { createClientOf } from '@rollcall/sdk'
      import { users } from '@rollcall/sdk/resources'
      use((options) => createClientOf({ users }, options))`,
  },
}

const react = `
  import { createClient } from '@rollcall/sdk'
  import * as react from '@rollcall/sdk/react'
  use(createClient, react.RollcallProvider, react.useClient, react.useSession, react.useUser,
    react.useCan, react.SignedIn, react.SignedOut)`

let project: Project
t.before(async () => {
  project = await createProject(t, ['react'])
})

for (const [what, { kB, program }] of Object.entries(limits)) {
  t.test(`${what} is under ${kB} kB`, async (t) => {
    const size = await sizeOf(program)
    t.ok(size <= kB * 1_024, `${size} bytes`)
  })
}

t.test('React is under 1.5 kB on top', async (t) => {
  const size =
    (await sizeOf(react)) -
    (await sizeOf(limits['the core, with authentication and every operation'].program))
  t.ok(size <= 1.5 * 1_024, `${size} bytes`)
})

t.test('what is imported and not used leaves nothing', async (t) => {
  const { bytes } = await bundle(`
    import '@rollcall/sdk'
    import { createClient, isApiError } from '@rollcall/sdk'
    import { useUser } from '@rollcall/sdk/react'
    import { createVerifier } from '@rollcall/sdk/server'
    import { createQueries } from '@rollcall/sdk/query'`)
  t.equal(bytes.length, 0)
})

async function sizeOf(program: string): Promise<number> {
  return gzipSync((await bundle(program)).bytes, { level: 9 }).length
}

/** As a bundler makes it for a page, without React, which the page has already. */
async function bundle(contents: string) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project.folder },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['react'],
    write: false,
    logLevel: 'silent',
  })
  return { bytes: outputFiles[0]?.contents ?? new Uint8Array() }
}
