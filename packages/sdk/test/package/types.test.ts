import t from 'tap'
import { createConsumers, node, testCompilers } from './consumers.ts'

await testCompilers(t, ['typescript-6', 'typescript'])

t.test('its types hold in Node, without those of a browser', async (t) => {
  const project = await createConsumers(t)
  t.equal(project.compile(['consumer.ts', 'cjs.cts'], node), '')
})

t.test('the entries for Node and Fastify hold', async (t) => {
  const project = await createConsumers(t)
  // What Fastify itself declares is not ours to check.
  t.equal(project.compile(['node.ts'], { ...node, skipLibCheck: true }), '')
})
