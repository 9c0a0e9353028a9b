// `npm start` and `npm test` on a fresh clone: installs what is missing, then runs on the Node
// that the repository brings along. This file alone must be readable by any Node.

const oldestNode = 20

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  console.error(`Rollcall needs Node ${oldestNode} or later; this is ${process.version}.`)
  process.exit(1)
}

void import('./launch.mjs').then(({ launch }) => launch(process.argv[2], process.argv.slice(3)))
