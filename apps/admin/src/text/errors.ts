export const errorText = {
  unreachable: {
    title: 'The server cannot be reached',
    detail: 'It may be restarting. Nothing was lost; try again in a moment.',
  },
  offline: {
    title: 'You are offline',
    detail: 'Nothing was sent. Try again when you are connected.',
  },
  unexpected: {
    title: 'Something went wrong in the panel',
    detail: 'Load the page again. If it happens again, tell whoever runs this server.',
  },
  forbidden: 'You may not do this',
  notFound: 'Not found',
  invalid: 'Some of it is not valid',
  throttled: 'Too many attempts',
  lastSuperuser: 'The last superuser must stay',
  refused: 'The server refused',
  request: (id: string) => `Request ${id}`,
  retry: 'Try again',
  reload: 'Load the page again',
}

/** What is wrong with a text before it is sent. */
export const fieldText = {
  required: 'This is needed.',
  tooShort: (least: number) => `At least ${least} characters.`,
  tooLong: (most: number, length: number) => `At most ${most} characters; this has ${length}.`,
  email: 'This is not an e-mail address.',
  pattern: 'Only letters, digits and @ . + - _ are allowed.',
}
