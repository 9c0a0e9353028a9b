import { once } from 'node:events'
import { openStore } from '../../src/db/store.ts'
import { newUser } from './stores.ts'

/** Writes accounts of one first name, eight at a time, from when it is told until it is killed. */
const [, , path, firstName = ''] = process.argv
const store = await openStore(`file:${path}`)
process.stdout.write('ready\n')
await once(process.stdin, 'data')

async function writeOn(client: number) {
  for (let count = 0; ; count += 1) {
    const user = newUser(`${firstName}${client}of${count}`, { firstName })
    await store.write((tx) => tx.insert(store.tables.users).values(user))
  }
}

await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(writeOn))
