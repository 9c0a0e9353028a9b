import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { signedIn } from './permissions.ts'
import { instant } from './text.ts'

const optionalString = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description })

export const Session = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The id of the session.' }),
    created_at: instant('When the person signed in.'),
    last_used_at: instant('When its tokens were last renewed.'),
    expires_at: instant('When it ends if it is not renewed.'),
    ip: Type.String({ description: 'The address that the person signed in from.' }),
    user_agent: optionalString('What the browser or program called itself.'),
    device: optionalString('The same in words, such as `Firefox on Windows`.'),
    current: Type.Boolean({ description: 'Whether this request was made with it.' }),
  },
  { description: 'One sign-in on one device.' },
)
export interface Session extends Static<typeof Session> {}

export const SessionList = Type.Object(
  { results: Type.Array(Session, { description: 'Every session, last used first.' }) },
  { description: 'Where an account is signed in.' },
)
export interface SessionList extends Static<typeof SessionList> {}

const SessionId = Type.Object({
  id: Type.String({
    format: 'uuid',
    pattern: '^[0-9a-f-]{36}$',
    description: 'The id of the session.',
  }),
})

/** The session of the examples. */
export const exampleSession: Session = {
  id: '0198f2c4-8a3b-7d1e-8c44-2b6f1e9a7d30',
  created_at: '2026-01-31T09:30:00.000Z',
  last_used_at: '2026-01-31T09:34:00.000Z',
  expires_at: '2026-02-14T09:34:00.000Z',
  ip: '192.0.2.17',
  user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0',
  device: 'Firefox on Windows',
  current: true,
}

export const sessions = {
  list: endpoint('GET /api/sessions/', {
    tag: 'Sessions',
    summary: 'List the own sessions',
    description:
      'Answers where the caller is signed in. No answer ever holds a token of a session.',
    access: signedIn,
    response: [200, SessionList],
    example: { response: { results: [exampleSession] } },
  }),
  delete: endpoint('DELETE /api/sessions/:id/', {
    tag: 'Sessions',
    summary: 'End one session',
    description:
      'Ends one session of the caller: its tokens are refused from then on. Who holds `sessions.revoke` ends those of others too, after a recent sign-in.',
    access: signedIn,
    problems: ['permission_denied', 'reauthentication_required'],
    params: SessionId,
    response: [204, null],
    example: { params: { id: exampleSession.id } },
  }),
}
