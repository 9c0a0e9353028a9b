import type { Call } from '../caller.ts'

/** The same request as a line for a shell. */
export function toCurl(url: string, { method, path, token, headers = {}, body }: Call): string {
  const sent = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
    ...headers,
  }
  const lines = Object.entries(sent).flatMap(([name, value]) =>
    [value].flat().map((each) => `-H ${quote(`${name}: ${each}`)}`),
  )
  const data = body === undefined ? [] : [`--data-binary ${quote(textOf(body))}`]
  return ['curl -i --path-as-is -g', `-X ${method}`, ...lines, ...data, quote(url + path)].join(' ')
}

/** Bytes of any kind, one character each. */
function textOf(body: unknown): string {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return bytes.toString('latin1')
}

function quote(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  const escaped = text.replace(/[^\x20-\x7e]|['\\]/g, (character) => {
    const code = character.charCodeAt(0)
    return code > 0xff ? character : `\\x${code.toString(16).padStart(2, '0')}`
  })
  return `$'${escaped}'`
}
