import Database from 'better-sqlite3'

/** Loaded ahead of the server, to see what would be lost if it synced less. */
const { pragma } = Database.prototype
Database.prototype.pragma = function (this: Database.Database, source, options) {
  return pragma.call(this, source.replace('synchronous = FULL', 'synchronous = NORMAL'), options)
}
