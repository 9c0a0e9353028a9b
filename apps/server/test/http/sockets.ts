import { connect, type Socket } from 'node:net'
import type { Answer } from './refusals.ts'

/** Writes the bytes as they are, and answers all that came back until the server closed. */
export function exchange(url: string, bytes: string, { thenEnd = false } = {}) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(Buffer.from(bytes, 'latin1'))
  if (thenEnd) socket.end()
  return answersOf(socket)
}

/** Writes a byte every few milliseconds until the server closes. */
export async function trickle(url: string, start: string, byte: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(start)
  const timer = setInterval(() => socket.write(byte), 20)
  const answers = await answersOf(socket)
  clearInterval(timer)
  return answers
}

/** All that comes until the server closes. */
export function answersOf(socket: Socket): Promise<Answer[]> {
  const received: Buffer[] = []
  socket.on('data', (data) => received.push(data))
  // A reset is a way to close.
  socket.on('error', () => {})
  return new Promise((resolve) => {
    socket.on('close', () => resolve(parseAnswers(Buffer.concat(received).toString('latin1'))))
  })
}

/** Answers one after the other, each with a Content-Length. */
function parseAnswers(text: string): Answer[] {
  const answers: Answer[] = []
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) throw new Error(`This is no HTTP answer: ${rest}`)
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(lines.map(parseHeader))
    const length = Number(headers['content-length'] ?? 0)
    const body = rest.slice(end + 4, end + 4 + length)
    rest = rest.slice(end + 4 + length)
    answers.push({ status: Number(statusLine.split(' ')[1]), headers, body: parseBody(body) })
  }
  return answers
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function parseBody(body: string): unknown {
  return body.startsWith('{') ? JSON.parse(body) : body
}
