import { defineConfig } from 'drizzle-kit'

const dialect = process.env.DRIZZLE_DIALECT === 'postgres' ? 'postgres' : 'sqlite'

/** Used by `pnpm generate` alone, which makes the migrations of both dialects in a pair. */
export default defineConfig({
  dialect: dialect === 'postgres' ? 'postgresql' : 'sqlite',
  schema: `./src/db/schema.${dialect}.ts`,
  out: `./migrations/${dialect}`,
})
