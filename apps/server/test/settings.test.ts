import { readFileSync } from 'node:fs'
import t from 'tap'
import { envExample, withSettings } from '../generate/settings.ts'
import { withSpeed } from '../generate/speed.ts'

const root = new URL('../../../', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, root), 'utf8')

t.test('the README and .env.example list every setting as it is (pnpm generate)', async (t) => {
  t.equal(read('.env.example'), envExample())
  t.equal(read('README.md'), withSettings(read('README.md')))
})

t.test('the README shows the speed that was measured (pnpm generate)', async (t) => {
  t.equal(read('README.md'), withSpeed(read('README.md')))
})
