import { readdirSync, readFileSync } from 'node:fs'
import { loadConfig } from '../src/config.ts'
import { requirements } from '../src/documents/asvs.ts'
import { type Reference, references } from '../src/documents/asvs-documents.ts'
import type { Proof } from '../src/documents/evidence.ts'
import { handbookPage } from '../src/documents/handbook.ts'
import { homePage } from '../src/documents/home.ts'

const root = new URL('../../../', import.meta.url)

export const evidenceUrl = new URL('../src/documents/evidence.gen.ts', import.meta.url)

/** `evidence.gen.ts`: what proves each requirement, from the titles of the tests and our documents. */
export function evidenceModule(): string {
  const proofs = [...readTests(), ...references.flatMap(readReference)]
  const unknown = proofs.filter(({ number }) => !requirements.some((row) => row.number === number))
  if (unknown.length > 0) throw new Error(`Not in asvs.ts: ${JSON.stringify(unknown)}`)
  const rows = requirements.flatMap(({ number }) => {
    const own = proofs.filter((proof) => proof.number === number).map(({ proof }) => proof)
    return own.length > 0 ? [`  ${JSON.stringify(number)}: ${JSON.stringify(own)},\n`] : []
  })
  return `${header}export const evidence: Readonly<Record<string, readonly Proof[]>> = {\n${rows.join('')}}\n`
}

const header = `// Made from the titles of the tests by \`pnpm generate\`; never edited by hand.

import type { Proof } from './evidence.ts'

`

interface Claim {
  readonly number: string
  readonly proof: Proof
}

function readTests(): Claim[] {
  return testFiles().flatMap((file) =>
    titlesOf(readFileSync(new URL(file, root), 'utf8')).flatMap((title) => {
      const [, numbers = '', claim = ''] = /^ASVS (\d[\d., to]*\d): (.+)$/s.exec(title) ?? []
      const proof = { kind: 'test', title: claim, file } as const
      return numbersOf(numbers).map((number) => ({ number, proof }))
    }),
  )
}

function testFiles(): string[] {
  const folders = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}/test`),
  )
  return folders.flatMap((folder) => listFolder(folder).filter((file) => /\.test\.ts$/.test(file)))
}

function listFolder(folder: string): string[] {
  try {
    const names = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    return names.map((name) => `${folder}/${name}`).sort()
  } catch {
    // A package without tests.
    return []
  }
}

/** The first argument of each `test(...)`; what differs from run to run is left out. */
function titlesOf(source: string): string[] {
  const literals = source.matchAll(/\.test\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)
  return [...literals].map(([, , text = '']) =>
    text.replace(/\$\{[^}]*\}/g, '…').replace(/\\(.)/g, '$1'),
  )
}

/** `3.3.1 to 3.3.5, 14.3.3` names six. */
function numbersOf(list: string): string[] {
  if (list === '') return []
  return list.split(', ').flatMap((part) => {
    const [first = '', last = first] = part.split(' to ')
    const section = first.slice(0, first.lastIndexOf('.') + 1)
    const [from, to] = [first, last].map((number) => Number(number.slice(section.length)))
    const count = (to ?? 0) - (from ?? 0) + 1
    return Array.from({ length: count }, (_, index) => `${section}${(from ?? 0) + index}`)
  })
}

/** Throws when the document no longer says it. */
function readReference({ numbers, document, says }: Reference): Claim[] {
  if (!textOf(document).includes(says)) throw new Error(`${document} does not say: ${says}`)
  return numbers.map((number) => ({ number, proof: { kind: 'document', document, says } }))
}

function textOf(document: Reference['document']): string {
  const page = pageOf(document)
  if (page === undefined) return readFileSync(new URL(document, root), 'utf8')
  return page
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .replaceAll('&#39;', "'")
}

function pageOf(document: Reference['document']): string | undefined {
  if (document === 'the handbook') return handbookPage()
  if (document !== 'the documentation home') return undefined
  return homePage({
    publicUrl: 'http://127.0.0.1:8000',
    version: '',
    config: loadConfig({}),
    swaggerUi: true,
    panel: true,
  })
}
