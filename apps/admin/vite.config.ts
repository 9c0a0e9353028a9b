import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The server that `pnpm --filter @rollcall/admin dev` works on. */
const server = process.env.DEV_SERVER ?? 'http://127.0.0.1:8000'

/** Its own origin, since it takes the cookie from no other. */
const proxied = { target: server, changeOrigin: true, headers: { origin: server } }

export default defineConfig({
  base: '/admin/',
  publicDir: false,
  plugins: [react(), compressed()],
  build: {
    // The browsers that know `light-dark()` and all else that the styles use.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    manifest: true,
    // Every picture in a file of its own: the policy is simpler to prove.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': proxied, '/.well-known': proxied, '/readyz': proxied },
  },
})

/** Assets beside themselves in compressed form, which the server sends to whoever takes it. */
function compressed(): Plugin {
  return {
    name: 'rollcall:compressed',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      const assets = join(dir, 'assets')
      for (const name of readdirSync(assets).filter((each) => /\.(js|css|svg)$/.test(each))) {
        const file = join(assets, name)
        const bytes = readFileSync(file)
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, brotliSettings))
      }
    },
  }
}

const brotliSettings = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
