import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { holders } from './permissions.ts'
import { instant } from './text.ts'

/** So many days are counted, today included. */
export const overviewDays = 30

export const DayCount = Type.Object(
  {
    day: Type.String({ description: 'The day in UTC, such as `2026-01-31`.' }),
    count: Type.Integer({ description: 'How many there were.' }),
  },
  { description: 'How many there were on a day.' },
)
export interface DayCount extends Static<typeof DayCount> {}

export const UserCounts = Type.Object(
  {
    total: Type.Integer({ description: 'All accounts.' }),
    active: Type.Integer({ description: 'Those that may sign in.' }),
    staff: Type.Integer({ description: 'Those that are staff.' }),
    superusers: Type.Integer({ description: 'Those that are superusers.' }),
    counted_at: instant('When they were counted; again after some seconds.'),
  },
  { description: 'How many accounts there are.' },
)
export interface UserCounts extends Static<typeof UserCounts> {}

const days = (description: string) =>
  Type.Array(DayCount, { description: `${description} One entry for each of the last 30 days.` })

export const Overview = Type.Object(
  {
    users: UserCounts,
    joined: days('Accounts that were made.'),
    sign_ins: days('Times that somebody signed in.'),
    sign_in_failures: days('Times that a wrong name or password was given, or too often.'),
  },
  { description: 'What happens here, in numbers.' },
)
export interface Overview extends Static<typeof Overview> {}

const exampleDays = (count: number): DayCount[] => [{ day: '2026-01-31', count }]

export const overview = endpoint('GET /api/overview/', {
  tag: 'System',
  summary: 'See the numbers',
  description:
    'Answers how many accounts there are, and how many were made, signed in and failed to on each of the last 30 days, oldest first, today included. What was done a moment ago counts after a second or two.',
  access: holders('users.view'),
  response: [200, Overview],
  example: {
    response: {
      users: {
        total: 1_204,
        active: 1_180,
        staff: 12,
        superusers: 2,
        counted_at: '2026-01-31T09:30:00.000Z',
      },
      joined: exampleDays(7),
      sign_ins: exampleDays(310),
      sign_in_failures: exampleDays(12),
    },
  },
})
