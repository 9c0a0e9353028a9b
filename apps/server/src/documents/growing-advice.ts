import type { Chapter } from './handbook.ts'

export const stages: Chapter = {
  id: 'stages',
  title: 'What to switch on, and when',
  text: [
    'Each step stands by itself, and none has to be taken before its reason is there. A machine that is used to half of what it can needs nothing.',
  ],
  tables: [
    {
      caption: 'Steps',
      heads: ['When', 'What', 'What it costs'],
      rows: [
        [
          'One machine is enough, and an hour without it can be borne',
          'SQLite, as it comes. `rollcall backup` every hour, to another machine.',
          'Nothing.',
        ],
        [
          'One core is busy',
          '`ROLLCALL_WORKERS`, as many as there are cores. All share the file and its one writer: reads and sign-ins grow with the cores, writes do not.',
          'Some 170 MB of memory each, and 70 MB for the process that looks after them.',
        ],
        [
          'The machine may fail, or one is not enough',
          'PostgreSQL: stop the server, `rollcall db copy --to postgres://...`, set `ROLLCALL_DATABASE_URL`. Then as many nodes behind a load balancer as you like.',
          'A database to run, with a standby and continuous backups.',
        ],
        [
          'Several nodes, and limits of addresses matter',
          '`ROLLCALL_REDIS_URL`. Wrong passwords are counted in the database with or without it.',
          'A Redis that may lose what it holds, at any time.',
        ],
        [
          'Lists, searches and exports weigh on the database',
          'A streaming replica, and `ROLLCALL_DATABASE_READ_URL`.',
          'What was just written may be missing from a list for a moment. Reading one account never asks the replica.',
        ],
        [
          'The pool of connections is used up',
          '`ROLLCALL_DATABASE_CONNECTIONS`, with `max_connections` of PostgreSQL above all processes together. A pooler works between them in session mode.',
          'Memory of PostgreSQL.',
        ],
        [
          'The audit trail is most of the disk',
          '`ROLLCALL_AUDIT_RETENTION_DAYS`, after `rollcall audit export` to where it is cheap to keep.',
          'What is deleted is in the export alone.',
        ],
        [
          'You run containers',
          '`docker compose up` starts the server, PostgreSQL and Redis. The image serves `/readyz` as its check, is not root and writes to `/data` alone.',
          'An engine to run them.',
        ],
      ],
    },
  ],
}

export const nodes: Chapter = {
  id: 'nodes',
  title: 'What the nodes share',
  text: [
    'Nodes keep nothing that another must know. Give all of them the same `ROLLCALL_SECRET`, `ROLLCALL_PUBLIC_URL` and `ROLLCALL_AUDIENCE`, and name the load balancer in `ROLLCALL_TRUSTED_PROXIES`. Any node answers any request; nobody has to be sent to the one that they spoke to before. The load balancer asks `/readyz`.',
    'A node that is stopped answers what reaches it, tells kept connections that they end, and exits 0 within 10 seconds. A new version may be started node by node: the first migrates, the others wait.',
  ],
  tables: [
    {
      caption: 'Who knows what, and from when',
      heads: ['What', 'Where it is kept', 'From when another node knows it'],
      rows: [
        ['Sessions, sign-outs, roles, deactivation', 'the database', 'the next request'],
        ['Refresh tokens', 'a number in the row of the session', 'the next request'],
        ['Wrong passwords, and the waits for them', 'the database', 'the next attempt'],
        [
          'Calls of an address',
          'the memory of each process; with workers that of the primary; with Redis there',
          'at once, to a hundredth of the limit for each process; without Redis not on other machines',
        ],
        [
          'Signing keys',
          'the database, opened in memory',
          '5 seconds, or the first token of a new key',
        ],
        ['Lists and searches', 'the database, or its replica', 'when the replica has heard of it'],
        [
          'What recurs: expired rows, seals of the audit trail',
          'every node tries; one at a time does it, and of the workers of a node one tries',
          'the seals follow within seconds',
        ],
        ['Metrics', 'each node, all of its workers together', 'add them up in Prometheus'],
      ],
    },
  ],
}

export const engines: Chapter = {
  id: 'engines',
  title: 'Beyond one PostgreSQL',
  text: [
    'Engines that speak the protocol of PostgreSQL and spread over machines, such as CockroachDB, YugabyteDB and Citus, are not tested here, and none is supported today. What the server keeps to, so that they can be tried, and what stands in the way:',
  ],
  tables: [
    {
      caption: 'What the server asks of its database',
      heads: ['What', 'How it is', 'For a distributed engine'],
      rows: [
        [
          'Keys',
          'UUIDv7, made by the server; no sequence anywhere',
          'Good, but rows that are made at one time stand together: hash the key where the engine can.',
        ],
        [
          'Transactions',
          'Short, READ COMMITTED, with guarded statements; one that the database ends in favour of another (40001, 40P01) is begun anew, up to five times',
          'Good. Where SERIALIZABLE is all there is, expect more of those.',
        ],
        [
          'Unique names and e-mail addresses',
          'one unique index each, over all accounts',
          'In Citus a unique index has to hold the column that rows are spread by: `users` stays on one node there.',
        ],
        [
          'The chain of the audit trail',
          'one row that sealers lock in turn, every second; who writes events never waits for it',
          'Good: it is on no path of a request.',
        ],
        [
          'Turns between administrators',
          '`pg_advisory_xact_lock`, so that the last superuser stays whoever removes whom at once',
          'A caveat: where advisory locks do nothing, two at once can remove each other.',
        ],
        [
          'Migrations',
          '`pg_advisory_lock`, so that of two starters one migrates',
          'A caveat: run `rollcall migrate` alone, before the servers.',
        ],
        [
          'Guards of the audit trail',
          'triggers in PL/pgSQL',
          'A caveat: without triggers the chain still finds what was changed, but nothing prevents it.',
        ],
        [
          'Searches',
          'a GIN index of `pg_trgm`',
          'A caveat: without it a search reads every account.',
        ],
        [
          'References',
          '`ON DELETE CASCADE` from sessions, links and roles to accounts',
          'In Citus, spread these tables by the account too.',
        ],
        [
          'Moving',
          '`rollcall db copy` takes `LOCK TABLE ... IN SHARE MODE` on its source',
          'Only a source needs it: moving in works.',
        ],
      ],
    },
  ],
}
