import Type, { type Static } from 'typebox'
import { AuditChain, exampleChain } from './audit.ts'
import { endpoint } from './endpoint.ts'
import { anyone, holders } from './permissions.ts'
import { instant } from './text.ts'

export const Finding = Type.Object(
  {
    check: Type.String({ description: 'A short name, for programs.' }),
    kind: Type.Enum(['finding', 'note'] as const, {
      description: 'Something wrong, or something that is only to be known.',
    }),
    what: Type.String({ description: 'What is so.' }),
    why: Type.String({ description: 'What it leads to.' }),
    remedy: Type.String({ description: 'What to do about it.' }),
  },
  { description: 'Something that the operator should know; `rollcall doctor` finds more.' },
)
export interface Finding extends Static<typeof Finding> {}

export const SystemState = Type.Object(
  {
    version: Type.String({ description: 'The version of Rollcall.' }),
    node_version: Type.String({ description: 'The version of Node that it runs on.' }),
    uptime_seconds: Type.Integer({
      description: 'How long the process that answers has been running, in seconds.',
    }),
    database: Type.Object(
      {
        name: Type.Enum(['SQLite', 'PostgreSQL'] as const, { description: 'Which database.' }),
        version: Type.String({ description: 'Its version.' }),
      },
      { description: 'Where everything is kept.' },
    ),
    pending_migrations: Type.Array(Type.String({ description: 'The name of a migration.' }), {
      description: 'The migrations that the database still lacks; none in good order.',
    }),
    keys_in_force: Type.Integer({
      description: 'How many keys sign or verify access tokens, or soon will.',
    }),
    audit: AuditChain,
    findings: Type.Array(Finding, { description: 'What is weak or wrong; none in good order.' }),
    examined_at: instant('When the findings were looked for; again after a minute.'),
  },
  { description: 'How the system is.' },
)
export interface SystemState extends Static<typeof SystemState> {}

export const system = endpoint('GET /api/system/', {
  tag: 'System',
  summary: 'See the state of the system',
  description:
    'Answers the versions, the state of database, keys and audit chain, and what an examination of settings and database has found. It never holds a secret, and is cheap enough to be asked every ten seconds.',
  access: holders('system.view'),
  response: [200, SystemState],
  example: {
    response: {
      version: '0.1.0',
      node_version: '24.18.0',
      uptime_seconds: 86_400,
      database: { name: 'SQLite', version: '3.51.3' },
      pending_migrations: [],
      keys_in_force: 1,
      audit: exampleChain,
      findings: [
        {
          check: 'limits',
          kind: 'finding',
          what: 'ROLLCALL_LIMITS is off.',
          why: 'Nothing keeps anybody from flooding the server or guessing passwords.',
          remedy: 'Remove the setting; it is for load tests on loopback.',
        },
      ],
      examined_at: '2026-01-31T09:30:00.000Z',
    },
  },
})

export const Setup = Type.Object(
  {
    needs_superuser: Type.Boolean({
      description: 'Whether there is no superuser yet; `rollcall create-superuser` makes one.',
    }),
    registration: Type.Enum(['open', 'invite', 'closed'] as const, {
      description: 'Who may open an account: everybody, those whom staff invite, or nobody.',
    }),
  },
  { description: 'What a page must know before anybody signs in.' },
)
export interface Setup extends Static<typeof Setup> {}

export const setup = endpoint('GET /api/setup/', {
  tag: 'Server',
  summary: 'Tell what a sign-in page must know',
  description: 'Answers whether the first superuser is still to be made, and who may register.',
  access: anyone,
  response: [200, Setup],
  example: { response: { needs_superuser: false, registration: 'open' } },
})
