import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { loadConfig } from '../src/config.ts'
import { findSecret } from '../src/secret.ts'

/** No engine may be at hand to run them, so they are held against rules of our own. */

const root = new URL('../../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')

interface Instruction {
  readonly name: string
  readonly rest: string
}

/** The instructions of each stage, without comments and with joined lines. */
function readStages(): Instruction[][] {
  const text = read('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
  const instructions = text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
      return { name, rest }
    })
  const stages: Instruction[][] = []
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') stages.push([])
    stages.at(-1)?.push(instruction)
  }
  return stages
}

const stages = readStages()
const final = stages.at(-1) ?? []
const of = (name: string, among = final) =>
  among.filter((instruction) => instruction.name === name).map(({ rest }) => rest)

const catalog = parse(read('pnpm-workspace.yaml')).catalog
const compose = parse(read('compose.yaml'), { merge: true })

t.test('the image is built of pinned parts, those of the repository', async (t) => {
  const names = stages.flatMap((stage) => of('FROM', stage).map((rest) => rest.split(' ')))
  const own = new Set(names.map(([, , name]) => name))
  for (const [image = ''] of names)
    t.ok(own.has(image) || /:[\w.-]*\d[\w.-]*$|:bookworm-slim$/.test(image), image)
  t.match(read('Dockerfile'), `FROM node:${catalog.node}-bookworm-slim AS node`)
  t.match(read('Dockerfile'), `pnpm@${catalog.pnpm}\n`)
  t.match(read('Dockerfile'), 'pnpm install --frozen-lockfile --prod')
})

t.test('the final image holds no tools to build, and nothing is fetched into it', async (t) => {
  t.match(of('FROM'), [/-slim$/])
  for (const run of of('RUN')) t.notMatch(run, /apt|npm|pnpm|yarn|curl|wget|gcc|make/)
  for (const copy of of('COPY')) t.match(copy, /^--from=(node|build) /)
  t.same(of('ADD', stages.flat()), [])
})

t.test('ASVS 13.2.2: the server is not root, and cannot change its own files', async (t) => {
  t.match(of('USER'), [/^[1-9]\d+:[1-9]\d+$/])
  const names = final.map(({ name }) => name)
  t.ok(names.indexOf('USER') > names.lastIndexOf('COPY'), 'what is copied belongs to root')
  t.notMatch(of('COPY').join(), '--chown')
})

t.test('ASVS 13.3.1: no secret is built in', async (t) => {
  const set = stages.flatMap((stage) => [...of('ENV', stage), ...of('ARG', stage)]).join(' ')
  t.notMatch(set, /SECRET|PASSWORD|TOKEN|KEY/)
  t.match(read('.dockerignore'), /^\*$/m, 'nothing is sent to the builder that is not named')
})

t.test('it tells whether it can serve, and hears when it is to stop', async (t) => {
  t.match(of('HEALTHCHECK'), [/\/readyz/])
  for (const program of [...of('ENTRYPOINT'), ...of('CMD')]) t.type(JSON.parse(program), Array)
})

t.test('whatever is copied is there, and sent to the builder', async (t) => {
  const kept = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? line.slice(1) : []))
  const sources = stages
    .flatMap((stage) => of('COPY', stage))
    .filter((rest) => !rest.startsWith('--from'))
    .flatMap((rest) => rest.split(' ').slice(0, -1))
  t.same([...new Set(sources)].sort(), kept.toSorted())
  for (const source of sources) t.ok(existsSync(new URL(source, root)), source)
})

t.test(
  'the settings of the image and of compose are settings, and fit for production',
  async (t) => {
    const ofImage = Object.fromEntries(
      of('ENV')
        .join(' ')
        .split(' ')
        .map((pair) => pair.split('=')),
    )
    const { environment } = compose.services.rollcall
    const given: Record<string, string> = {
      ROLLCALL_SECRET: 'k3Jq9ZtW0xYbN7uR2mVhL5sD8fGpAeC4',
      ROLLCALL_PUBLIC_URL: 'https://accounts.example',
      POSTGRES_PASSWORD: 'hunter2',
      REDIS_PASSWORD: 'hunter3',
    }
    const filled = Object.fromEntries(
      Object.entries<string>(environment).map(([name, value]) => [
        name,
        String(value).replace(
          /\$\{(\w+)(:-([^}]*)|:\?[^}]*)?\}/g,
          (_, variable, _rule, fallback) => given[variable] ?? fallback ?? '',
        ),
      ]),
    )
    const config = loadConfig({ ...ofImage, ...filled })
    t.match(config, {
      env: 'production',
      host: '0.0.0.0',
      databaseUrl: 'postgres://rollcall:hunter2@postgres:5432/rollcall',
      redisUrl: 'redis://:hunter3@redis:6379',
    })
    t.equal(findSecret(config), given.ROLLCALL_SECRET)
  },
)

t.test('ASVS 13.2.2: no service can do more than it must', async (t) => {
  for (const [name, service] of Object.entries<Record<string, unknown>>(compose.services)) {
    t.match(
      service,
      { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
      name,
    )
    t.match(service.user, /^(?!root|0)./, name)
    t.notOk('privileged' in service || 'network_mode' in service || 'pid' in service, name)
    t.ok(service.build || /:\d+\.\d/.test(String(service.image)), `${name} is pinned`)
    t.ok(service.build || service.healthcheck, `${name} tells of its health`)
  }
})

t.test('the database and Redis are reached by the server alone', async (t) => {
  const { rollcall, postgres, redis } = compose.services
  t.equal(compose.networks.inside.internal, true)
  for (const service of [postgres, redis]) {
    t.same(service.networks, ['inside'])
    t.notOk(service.ports)
  }
  for (const port of rollcall.ports) t.match(port, /^127\.0\.0\.1:/)
})

t.test('ASVS 13.3.1: secrets come from outside, and a missing one stops the start', async (t) => {
  for (const service of Object.values<{ environment?: Record<string, string> }>(compose.services)) {
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      if (/SECRET|PASSWORD|AUTH|DATABASE_URL|REDIS_URL/.test(name))
        t.match(value, /\$\{\w+:\?/, name)
    }
  }
})
