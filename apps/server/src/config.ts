import { isIP } from 'node:net'
import { Ajv, type ErrorObject } from 'ajv'
import Type, { type Static, type TObject, type TSchema } from 'typebox'

/** In characters, of the setting and of the file. */
export const shortestSecret = 32

/** Every setting. The variable is `ROLLCALL_` and the name in capitals. */
export const Config = Type.Object({
  env: Type.Enum(['development', 'production'], {
    default: 'development',
    description:
      'What the server is used for. `production` demands ROLLCALL_SECRET and turns Swagger UI off by default.',
  }),
  host: Type.String({ default: '127.0.0.1', description: 'The address to listen on.' }),
  port: Type.Integer({
    default: 8000,
    minimum: 0,
    maximum: 65_535,
    description: 'The port to listen on; 0 takes any free one.',
  }),
  workers: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 256,
    description:
      'How many processes serve, best as many as there are cores. More than one share the port, the limits and the database, and are replaced when they die.',
  }),
  publicUrl: Type.Optional(
    Type.String({
      format: 'url',
      pattern: '^https?://[^?#]*[^/?#]$',
      description:
        'The URL that the world reaches the server at, without a slash at the end. Links and the issuer of tokens are made from it, never from a Host header. By default made from host and port.',
    }),
  ),
  databaseUrl: Type.String({
    default: 'file:data/rollcall.db',
    format: 'url',
    pattern: '^(file:.+|postgres(ql)?://.+)$',
    description: 'The database: `file:path/to.db` for SQLite, `postgres://...` for PostgreSQL.',
  }),
  databaseReadUrl: Type.Optional(
    Type.String({
      format: 'url',
      pattern: '^postgres(ql)?://.+$',
      description:
        'A streaming replica of PostgreSQL. Lists, searches and the audit trail are read there, a moment behind; everything else, and all while it is lost, from ROLLCALL_DATABASE_URL.',
    }),
  ),
  databaseConnections: Type.Integer({
    default: 10,
    minimum: 2,
    maximum: 1_000,
    description:
      'How many connections to PostgreSQL each process may have, half of them for writes; all of them together must stay below its `max_connections`.',
  }),
  redisUrl: Type.Optional(
    Type.String({
      format: 'url',
      pattern: '^rediss?://.+$',
      description:
        'Redis, `redis://...`, where servers on several machines count the calls of an address together. Without it each machine counts for itself, as all do while Redis is lost.',
    }),
  ),
  secret: Type.Optional(
    Type.String({
      minLength: shortestSecret,
      description:
        'At least 32 random characters, from which every key of the server is derived. Without it, in development, a file `secret` is made in the folder of the SQLite database, or in data/.',
    }),
  ),
  audience: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'The `aud` of access tokens, one per deployment. By default the public URL.',
    }),
  ),
  accessTokenSeconds: Type.Integer({
    default: 300,
    minimum: 30,
    maximum: 3_600,
    description: 'How long an access token is valid, in seconds.',
  }),
  sessionIdleSeconds: Type.Integer({
    default: 14 * 86_400,
    minimum: 60,
    description: 'A session that is not refreshed for so long ends, in seconds. 14 days.',
  }),
  sessionMaxSeconds: Type.Integer({
    default: 30 * 86_400,
    minimum: 60,
    description:
      'A session ends after so long, however often it is refreshed, in seconds. 30 days.',
  }),
  staffSessionMaxSeconds: Type.Integer({
    default: 12 * 3_600,
    minimum: 60,
    description: 'The same for staff and superusers, in seconds. 12 hours.',
  }),
  sessionsPerUser: Type.Integer({
    default: 50,
    minimum: 1,
    maximum: 1_000,
    description: 'How many sessions an account may have at a time. The oldest gives way.',
  }),
  refreshGraceSeconds: Type.Integer({
    default: 10,
    minimum: 0,
    maximum: 60,
    description:
      'The last spent refresh token answers the same successor for so long, for lost replies and parallel tabs, in seconds. 0 turns it off.',
  }),
  auditRetentionDays: Type.Integer({
    default: 400,
    minimum: 1,
    description: 'How long the audit trail is kept, in days. Older events are deleted.',
  }),
  linkSeconds: Type.Integer({
    default: 24 * 3_600,
    minimum: 60,
    maximum: 7 * 86_400,
    description: 'How long a link to set a password works, in seconds. 24 hours.',
  }),
  reauthenticationSeconds: Type.Integer({
    default: 300,
    minimum: 30,
    maximum: 3_600,
    description: 'Sensitive changes demand that the password was given within so long, in seconds.',
  }),
  registration: Type.Enum(['open', 'invite', 'closed'], {
    default: 'open',
    description:
      'Who may open an account: everybody (`open`), those whom staff invite (`invite`), or nobody (`closed`).',
  }),
  staffPasswords: Type.Enum(['refused', 'allowed'], {
    default: 'refused',
    description:
      'Whether those who make an account by the API may choose its password. `allowed` is for clients from before there were links to set a password.',
  }),
  passwordPolicy: Type.Enum(['standard', 'strict'], {
    default: 'standard',
    description: 'The shortest password: 8 characters (`standard`) or 15 (`strict`).',
  }),
  argon2MemoryKib: Type.Integer({
    default: 19_456,
    minimum: 19_456,
    description: 'Memory of one password hash, in KiB. Weaker hashes are renewed at sign-in.',
  }),
  argon2Passes: Type.Integer({
    default: 2,
    minimum: 2,
    description: 'Passes over that memory.',
  }),
  argon2Lanes: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 16,
    description: 'Parallel lanes of one password hash.',
  }),
  hashQueue: Type.Integer({
    default: 50,
    minimum: 1,
    description:
      'How many password hashes may wait for a free core. Beyond it sign-ins are answered 503 with Retry-After.',
  }),
  phoneRegion: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{2}$',
      description:
        'The country (ISO 3166, such as GB) that national phone numbers belong to. Without it they are kept as sent.',
    }),
  ),
  corsOrigins: Type.String({
    default: '',
    pattern: '^(https?://[^/,]+(,https?://[^/,]+)*)?$',
    description: 'Origins of browsers that may call the API, separated by commas; none by default.',
  }),
  trustedProxies: Type.String({
    default: '',
    format: 'networks',
    description:
      'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed, separated by commas.',
  }),
  bodyLimitBytes: Type.Integer({
    default: 65_536,
    minimum: 1_024,
    maximum: 10_485_760,
    description: 'The largest body of a request, in bytes.',
  }),
  limits: Type.Enum(['on', 'off'], {
    default: 'on',
    description:
      'The rate limits and the waits after wrong passwords. `off` is for load tests on loopback only.',
  }),
  swaggerUi: Type.Optional(
    Type.Enum(['on', 'off'], {
      description: 'Swagger UI at /docs/. By default on in development and off in production.',
    }),
  ),
  metricsPort: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description:
        'A port for /metrics in the format of Prometheus; 0 takes any free one. By default there is none.',
    }),
  ),
  metricsHost: Type.String({
    default: '127.0.0.1',
    description: 'The address that the port of the metrics listens on.',
  }),
  logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'The least severe events to log.',
  }),
})
export interface Config extends Static<typeof Config> {}

/** Something is wrong with the settings; the message is for the operator, in one line. */
export class ConfigError extends Error {}

/** Tests have variables of their own. */
const foreignPrefix = 'ROLLCALL_TEST_'

/** Reads the settings from environment variables; throws a ConfigError that names the bad one. */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  refuseUnknown(environment)
  const config: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries((Config as TObject).properties)) {
    const text = environment[variableOf(name)]
    const value = text === undefined || text === '' ? defaultOf(schema) : parse(name, schema, text)
    if (value !== undefined) config[name] = value
  }
  refuseForeignReplica(config as unknown as Config)
  return config as unknown as Config
}

function refuseForeignReplica({ databaseUrl, databaseReadUrl }: Config) {
  if (!databaseReadUrl || !databaseUrl.startsWith('file:')) return
  throw new ConfigError('ROLLCALL_DATABASE_READ_URL needs PostgreSQL in ROLLCALL_DATABASE_URL.')
}

/** `publicUrl` -> `ROLLCALL_PUBLIC_URL`. */
export function variableOf(name: string): string {
  return `ROLLCALL_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`
}

function refuseUnknown(environment: Record<string, string | undefined>) {
  const known = new Set(Object.keys(Config.properties).map(variableOf))
  for (const variable of Object.keys(environment)) {
    const isOurs = variable.startsWith('ROLLCALL_') && !variable.startsWith(foreignPrefix)
    if (isOurs && !known.has(variable)) {
      throw new ConfigError(
        `${variable} is no setting of Rollcall. \`rollcall config\` lists them all.`,
      )
    }
  }
}

function defaultOf(schema: TSchema): unknown {
  return 'default' in schema ? schema.default : undefined
}

const ajv = new Ajv({ formats: { url: URL.canParse, networks: areNetworks } })

function parse(name: string, schema: TSchema, text: string): unknown {
  const isNumber = 'type' in schema && schema.type === 'integer'
  const value = isNumber && /^\d+$/.test(text) ? Number(text) : text
  if (ajv.validate(schema, value)) return value
  // A bad secret is a secret all the same: the value is never printed.
  throw new ConfigError(`${variableOf(name)} ${explain(ajv.errors?.[0])}. ${describe(schema)}`)
}

function explain(error: ErrorObject | undefined): string {
  if (error?.keyword === 'enum') return `must be one of ${error.params.allowedValues.join(', ')}`
  if (error?.keyword === 'type' || error?.keyword.endsWith('imum')) return `${error.message}`
  if (error?.keyword === 'minLength') return `must have ${error.params.limit} characters or more`
  return 'has not the right form'
}

/** Addresses, each by itself or with a CIDR prefix. */
function areNetworks(text: string): boolean {
  return text.split(',').every((network) => {
    const [address = '', prefix, ...others] = network.split('/')
    const bits = { 4: 32, 6: 128 }[isIP(address)]
    const isPrefix =
      prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (bits ?? 0))
    return bits !== undefined && isPrefix && others.length === 0
  })
}

function describe(schema: TSchema): string {
  return 'description' in schema ? String(schema.description) : ''
}
