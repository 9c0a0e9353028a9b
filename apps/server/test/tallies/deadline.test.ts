import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { withDeadline } from '../../src/tallies/deadline.ts'

t.test('what is not answered in time is rejected', async (t) => {
  await t.rejects(withDeadline(new Promise(() => {}), 5), {
    message: 'There was no answer in 5 ms',
  })
})

t.test('an answer counts that came while this process was busy', async (t) => {
  const echo =
    "require('node:worker_threads').parentPort.on('message', (text) => { require('node:worker_threads').parentPort.postMessage(text) })"
  const worker = new Worker(echo, { eval: true })
  t.teardown(() => worker.terminate())
  worker.postMessage('are you there')
  await once(worker, 'message')
  const answer = once(worker, 'message')
  worker.postMessage('hello')
  const answered = withDeadline(answer, 20)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  t.same(await answered, ['hello'])
})

t.test('a failure is passed on', async (t) => {
  await t.rejects(withDeadline(Promise.reject(new Error('lost')), 5), { message: 'lost' })
})
