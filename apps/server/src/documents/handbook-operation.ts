import type { Chapter } from './handbook.ts'

export const secrets: Chapter = {
  id: 'secrets',
  title: 'Secrets, and when to renew them',
  text: [
    'The server has one secret, `ROLLCALL_SECRET`, from which every other key is derived, and whatever password stands in `ROLLCALL_DATABASE_URL`. Give them to the process through its environment or a secret manager that fills it (such as `LoadCredential` of systemd); neither is in the repository, in a build, in an answer, in a log or in a metric. `rollcall doctor` says when a file that holds one can be read by others.',
  ],
  tables: [
    {
      caption: 'Schedule',
      heads: ['Secret', 'When', 'How', 'What it costs'],
      rows: [
        [
          'Signing keys',
          'every 90 days, and at once when one may be known',
          '`rollcall keys rotate`, or `--now`',
          'Nothing; with `--now` access tokens are renewed.',
        ],
        [
          '`ROLLCALL_SECRET`',
          'made once, with the database',
          'It cannot be replaced in place yet: the server refuses to start with another, since signing keys and the chain of the audit trail are made with it.',
          'Keep it apart from backups of the database.',
        ],
        [
          'Password of the database',
          'yearly, and when somebody leaves who knew it',
          'In PostgreSQL, then in the setting',
          'A restart.',
        ],
      ],
    },
  ],
}

export const backups: Chapter = {
  id: 'backups',
  title: 'Backups',
  text: [
    '`rollcall backup <file>` copies the database of SQLite while the server runs: one state of it, written under another name, checked from end to end, and renamed only then. It holds no clear secret and nothing that was deleted; its mode is 0600. Take one every hour, or as much as you can bear to lose, and keep it on another machine, apart from the secret. PostgreSQL is backed up by `pg_dump`, or continuously by archiving its log.',
    '`rollcall restore <file>` refuses a database that a server has open, a damaged copy, one of a newer version and one of another secret. It ends all sessions and links, keeps the database that was there under another name, and is noted in the audit trail. Events since the backup was made are gone with everything else: the head that `rollcall audit verify` printed last is then no longer in the chain, and `--expect` says so.',
    'Restore one now and then on a machine of its own, and sign in: a backup that was never restored is a hope.',
  ],
  tables: [
    {
      caption: 'When the database is not as it should be',
      heads: ['What the server finds', 'What it does'],
      rows: [
        ['No file, and nothing beside its place', 'Makes a new database: the first start.'],
        [
          'No file, but its `-wal`, its `-shm` or the file `secret`',
          'Refuses: a database is gone.',
        ],
        [
          'An empty file, or a folder',
          'Refuses: it makes files whole before they have their name.',
        ],
        [
          'A file that is no database, was cut off or has damaged pages',
          'Refuses, and leaves it as it is. Files of more than 256 MB are looked at by `rollcall doctor`.',
        ],
        ['A migration that it does not know', 'Refuses: a newer version was here.'],
        ['A secret that does not open the keys, or none', 'Refuses, and makes none.'],
      ],
    },
  ],
}

export const logs: Chapter = {
  id: 'logs',
  title: 'Logs',
  text: [
    'Logs hold no password, token, key, body, query or header. Times are UTC, with milliseconds, from the clock of the machine: keep it by NTP; `rollcall doctor` compares it with that of the database. Nothing that a caller sends can start a line.',
    'Send the lines of standard output to a system of their own, where who runs this server cannot change them; keep the head that `rollcall audit verify` prints there too, and give it to `--expect` later.',
  ],
  tables: [
    {
      caption: 'What is logged, where, and for how long',
      heads: ['Log', 'What', 'Where', 'How long'],
      rows: [
        [
          'Requests',
          'One JSON line each: time, request id, operation, method, path, address, account, session, status, duration; refusals with their code and reason, failures with their stack.',
          'standard output',
          'as long as what collects it keeps it',
        ],
        [
          'Process',
          'Start, migrations, recurring jobs that failed, stop.',
          'standard output',
          'the same',
        ],
        [
          'Audit trail',
          'Every authentication and every change of an account, role, session or key: who, what, whom, when, from where, before and after.',
          'the database, written with what it tells of',
          'its retention, see Limits and lifetimes',
        ],
        [
          'Metrics',
          'Counts and durations, without names, addresses or secrets.',
          '`/metrics`, on a port of its own that is off by default',
          'as long as Prometheus keeps them',
        ],
        [
          'Traces',
          'Spans of requests, writes and hashes, when an OpenTelemetry SDK is loaded.',
          'where that SDK sends them',
          'the same',
        ],
      ],
    },
  ],
}

export const communication: Chapter = {
  id: 'communication',
  title: 'Connections',
  text: [
    'The server listens on one port, and on another for metrics if it is told to. It calls nothing but its database, a replica of it and Redis, where the settings name them: no URL that a caller gives is ever fetched. So an outbound firewall may allow these alone.',
    'TLS 1.2 or later ends at your proxy: let it speak to clients by https alone, redirect nothing under `/api/`, and name it in `ROLLCALL_TRUSTED_PROXIES`. Answers demand https for two years (HSTS). Between the server and PostgreSQL add `sslmode=verify-full` to `ROLLCALL_DATABASE_URL` unless both are on one machine.',
    'PostgreSQL: give the server a role of its own that owns its database, or one for `rollcall migrate` that owns it and one for the server that may only read and write rows. Neither has to be a superuser; an administrator runs `CREATE EXTENSION pg_trgm` once.',
  ],
  tables: [
    {
      caption: 'Pools, time limits, and what happens beyond them',
      heads: ['What', 'Limit', 'Beyond it'],
      rows: [
        [
          'Connections to PostgreSQL',
          '`ROLLCALL_DATABASE_CONNECTIONS` a process, 10 by default',
          'Requests wait 2.5 s, then `service_unavailable`.',
        ],
        [
          'A replica of PostgreSQL',
          '1 s to connect, 2 s for an answer',
          'Lists are read from the primary, and the replica is looked for every second.',
        ],
        [
          'Redis',
          '40 ms for an answer, one connection a process',
          'Each process counts calls for itself, and looks for Redis every second.',
        ],
        ['A statement', '5 s', '`service_unavailable`; nothing is written.'],
        ['A lock of a row', '2 s', '`service_unavailable`; nothing is written.'],
        [
          'The write lock of SQLite',
          '4.5 s',
          '`service_unavailable`; nothing is written. Reads go on.',
        ],
        [
          'A commit of SQLite',
          '20 ms, three times in a row',
          'From then on a thread syncs the disk, and reads no longer wait for it. Others may see what was written a moment before it is durable; whoever wrote it is told afterwards.',
        ],
        [
          'A sync of the disk',
          '4.5 s',
          '`service_unavailable` for writes, and `/readyz` fails. When it fails altogether, the process ends.',
        ],
        ['Retries', 'none by itself', 'The answer says when to try again: `Retry-After`.'],
        [
          'Password hashes',
          'as many at a time as there are cores, and a queue',
          '`service_unavailable`. Reads go on: hashing runs at the lowest priority.',
        ],
        [
          'A request that is sent slowly',
          '5 s for its head, 10 s in all',
          '`request_timeout`, and the connection is closed.',
        ],
        [
          'Requests when the server is told to stop',
          '10 s; connections that nobody uses, 0.3 s',
          'The process ends.',
        ],
        [
          'A worker that has died',
          'replaced at once; after several early deaths within 10 s',
          'The others go on; what it had taken is lost.',
        ],
      ],
    },
  ],
}

export const components: Chapter = {
  id: 'components',
  title: 'Components',
  text: [
    '`pnpm-lock.yaml` lists every component with its version and hash; `pnpm sbom --sbom-format cyclonedx` writes it as an SBOM. All come from the npm registry, and install scripts run only where `pnpm-workspace.yaml` allows them.',
    'A component with a known weakness that can be reached is renewed within 7 days when it is critical or high, within 30 days otherwise; all others at least every three months.',
    'What takes much of a processor or of memory: hashing passwords (bounded, with a queue), searching and counting accounts (by indexes, at most 100 rows), exporting (a page at a time) and verifying the audit trail (at the command line). In production only the dependencies of `apps/server` are needed: Swagger UI is off, and there are no test routes.',
  ],
  tables: [],
}
