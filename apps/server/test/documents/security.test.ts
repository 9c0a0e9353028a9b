import { readFileSync } from 'node:fs'
import t from 'tap'
import { evidenceModule, evidenceUrl } from '../../generate/evidence.ts'
import { chapters, requirements } from '../../src/documents/asvs.ts'
import { listFindings } from '../../src/documents/evidence.ts'
import { securityPage } from '../../src/documents/security.ts'

const page = securityPage()
const findings = listFindings()

t.test('the evidence is what the tests and documents say now (pnpm generate)', async (t) => {
  t.ok(readFileSync(evidenceUrl, 'utf8') === evidenceModule(), 'run `pnpm generate`')
})

t.test(
  'the list is whole: as many of each level as the standard has in the chapters taken over whole',
  async (t) => {
    const counted = requirements.filter(({ number }) => !/^(1|5|12|15)\./.test(number))
    const ofLevel = (level: number) => counted.filter((row) => row.level === level).length
    t.same([1, 2, 3].map(ofLevel), [47, 112, 62])
    t.equal(new Set(requirements.map(({ number }) => number)).size, requirements.length)
    for (const { number, text } of requirements) {
      t.match(number, /^\d+\.\d+\.\d+$/)
      t.match(text, /^[A-Z].*\.$/)
      t.ok(chapters[number.split('.')[0] ?? ''], number)
    }
  },
)

t.test('nothing is claimed without a test or a document', async (t) => {
  for (const { number, state, proofs, notApplicable } of findings) {
    const kinds = proofs.map(({ kind }) => kind)
    if (state === 'proven') t.ok(kinds.includes('test'), number)
    else if (state === 'documented') t.same([...new Set(kinds)], ['document'], number)
    else t.same(kinds, [], number)
    t.equal(state === 'not-applicable', notApplicable !== undefined, number)
  }
  t.ok(findings.some(({ state }) => state === 'proven'))
})

t.test('the page shows each requirement once, with its state and every proof', async (t) => {
  for (const { number, state, proofs } of findings) {
    const entry = page.split(`<li id="asvs-${number}" class="finding ${state}">`)
    t.equal(entry.length, 2, number)
    const [text = ''] = entry[1]?.split('<li id="asvs-') ?? []
    t.equal(text.split('<code>').length > proofs.length, true)
  }
})

t.test('nothing runs or is styled from within the page, and it loads nothing else', async (t) => {
  t.notMatch(page, /<style|style=|<script| on\w+=|javascript:|(src|href)="(https?:)?\/\//i)
})
