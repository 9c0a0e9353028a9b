import { withDeadline } from '../tallies/deadline.ts'

/** Questions to another process, each known by a number, whose answers come as messages. */
export function createQuestions<Answer>(timeoutMs: number) {
  const open = new Map<number, (answer: Answer) => void>()
  let asked = 0

  return {
    /** Sends a question with its number; rejects when no answer comes in time. */
    async ask(send: (id: number) => void): Promise<Answer> {
      asked += 1
      const id = asked
      const answer = new Promise<Answer>((resolve) => open.set(id, resolve))
      try {
        send(id)
        return await withDeadline(answer, timeoutMs)
      } finally {
        open.delete(id)
      }
    },

    /** Takes an answer over; one that comes too late is nobody's. */
    answer: (id: number, answer: Answer) => open.get(id)?.(answer),
  }
}
