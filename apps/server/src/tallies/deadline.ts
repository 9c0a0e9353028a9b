/**
 * Rejects what is not answered in time. An answer that has come, but that this process was too busy
 * to read, counts: sockets are read once more before the deadline is over.
 */
export function withDeadline<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`There was no answer in ${milliseconds} ms`))
    const timer = setTimeout(() => setImmediate(late), milliseconds)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
