import { listEndpoints, problems, problemsOf } from '@rollcall/contract'
import t from 'tap'
import { loadConfig } from '../../src/config.ts'
import { homePage } from '../../src/documents/home.ts'
import { curlSteps } from '../../src/documents/quickstart.ts'
import { accessInWords } from '../../src/documents/wording.ts'

const publicUrl = 'https://accounts.rollcall.test'
const options = {
  publicUrl,
  config: loadConfig({}),
  version: '1.2.3',
  swaggerUi: true,
  panel: true,
}
const page = homePage(options)

t.test('the home shows every operation with its path, summary, access and problems', async (t) => {
  for (const [id, endpoint] of listEndpoints()) {
    const entry = page.split(`<details id="${id}">`)[1]?.split('</details>')[0] ?? ''
    const text = entry.replace(/<[^>]*>/g, '')
    const path = endpoint.path.replace(':id', '{id}')
    const access = accessInWords(endpoint.access).replaceAll('`', '')
    for (const part of [endpoint.method, path, endpoint.summary, access, id]) t.match(text, part)
    for (const code of problemsOf(endpoint)) t.match(entry, `href="#problem-${code}"`)
  }
})

t.test('a stream shows its media types and an example of each', async (t) => {
  const entry = page.split('<details id="users.export">')[1]?.split('</details>')[0] ?? ''
  const text = entry.replace(/<[^>]*>/g, '')
  for (const part of ['200 as a stream: text/csv or application/x-ndjson', 'id,username,email']) {
    t.match(text, part)
  }
  t.match(entry, 'Answer as application/x-ndjson')
})

t.test('every problem has the row that its type links to', async (t) => {
  for (const code of Object.keys(problems)) t.match(page, `id="problem-${code}"`)
})

t.test('every link within the page leads somewhere, and no id occurs twice', async (t) => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length)
  for (const [link, target] of page.matchAll(/href="#([^"]+)"/g)) t.ok(ids.includes(target), link)
})

t.test('nothing runs or is styled from within the page', async (t) => {
  t.notMatch(page, /<style|style=|<script(?! src="assets\/)| on\w+=|javascript:/i)
})

t.test('ASVS 14.2.3: the page loads nothing from elsewhere', async (t) => {
  t.notMatch(page, /(src|href)="(https?:)?\/\//)
})

t.test('the page links to what is served, and to nothing else', async (t) => {
  const bare = homePage({ ...options, swaggerUi: false, panel: false })
  t.match(page, 'href="docs/"')
  t.match(page, 'href="admin/"')
  t.notMatch(bare, /href="(docs|admin)\//)
  for (const link of ['openapi.json', 'openapi.yaml', 'postman.json']) {
    t.match(bare, `href="${link}"`)
  }
})

t.test('the snippets are shown for the URL of the server', async (t) => {
  t.match(page, `curl ${publicUrl}/api/register/`)
  t.match(page, `createClient({ baseUrl: &#39;${publicUrl}&#39; })`)
  t.equal(curlSteps(publicUrl).length, page.match(/<li><h3>/g)?.length)
})
