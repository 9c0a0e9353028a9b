import t from 'tap'
import { breakable, html, inlineCode } from '../../src/documents/html.ts'

t.test('ASVS 1.2.1, 3.2.2: text is escaped wherever it stands', async (t) => {
  const text = `<script>"&'`
  t.equal(
    html`<p title="${text}">${text}</p>`.markup,
    '<p title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</p>',
  )
})

t.test('markup within markup stays as it is, and lists are joined', async (t) => {
  const items = ['<', '>'].map((text) => html`<li>${text}</li>`)
  t.equal(html`<ul>${items}</ul>`.markup, '<ul><li>&lt;</li><li>&gt;</li></ul>')
})

t.test('what is absent leaves nothing, and zero is shown', async (t) => {
  t.equal(html`${null}${undefined}${false}${0}`.markup, '0')
})

t.test('ASVS 1.2.3: data cannot pass for markup', async (t) => {
  t.notMatch(html`${JSON.parse('{"markup":"<b>"}')}`.markup, '<b>')
})

t.test('text between backticks becomes code, escaped', async (t) => {
  t.equal(inlineCode('set `<a>` & go').markup, 'set <code>&lt;a&gt;</code> &amp; go')
})

t.test('paths and codes may be broken after slashes and underscores', async (t) => {
  t.equal(breakable('/api/a_b').markup, '/<wbr>api/<wbr>a_<wbr>b')
})
