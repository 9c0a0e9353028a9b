import { writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import pg from 'pg'

/**
 * Loaded ahead of `rollcall migrate`: kills it after so many statements, or, where no number is
 * given, writes down how many there were.
 */
const limit = Number(process.env.ROLLCALL_TEST_DIE_AFTER)
const countFile = process.env.ROLLCALL_TEST_COUNT_FILE
let statements = 0

function ran() {
  statements += 1
  if (statements === limit) process.kill(process.pid, 'SIGKILL')
}

const { exec } = Database.prototype
Database.prototype.exec = function (this: Database.Database, source) {
  const result = exec.call(this, source)
  ran()
  return result
}

const { query } = pg.Client.prototype
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const result = Reflect.apply(query, this, args) as Promise<unknown>
  return result.then((answer) => {
    ran()
    return answer
  })
} as typeof query

process.on('exit', () => {
  if (countFile) writeFileSync(countFile, String(statements))
})
