/** Where a document of ours says what a requirement wants said; looked up when it is generated. */
export interface Reference {
  readonly numbers: readonly string[]
  readonly document:
    | 'README.md'
    | 'CONTRIBUTING.md'
    | 'SECURITY.md'
    | 'the documentation home'
    | 'the handbook'
  /** Words that stand there. */
  readonly says: string
}

export const references: readonly Reference[] = [
  inHandbook('The form, length, unit and range of every member', '2.1.1'),
  inHandbook('Members are also checked together', '2.1.2'),
  inHandbook('What there is a limited number of', '2.1.3'),
  inHandbook('are all that the pages need of a browser', '3.1.1', '3.7.1', '3.7.5'),
  inHandbook('one application on one host name', '3.5.4'),
  inHome('these words with whatever digits and signs around them', '6.1.2'),
  inHandbook('These are all the ways to be let in', '6.1.3'),
  inHome('NIST SP 800-63B: 30 days at most', '7.1.1'),
  inHandbook('Keys are made by the server from its generator', '11.1.1'),
  inHandbook('Inventory of cryptography', '11.1.2'),
  inHandbook('the linter refuses cryptography anywhere else', '11.1.3', '11.2.1'),
  inHandbook('Post-quantum cryptography', '11.1.4'),
  inHandbook('AES-256-GCM, random 96-bit nonce', '11.3.1'),
  inHandbook('Chain of SHA-256', '11.4.1', '11.4.3'),
  inHandbook('TLS 1.2 or later ends at your proxy', '12.1.1', '12.2.1'),
  inHandbook('sslmode=verify-full', '12.3.1', '12.3.2'),
  inHandbook('It calls nothing but its database', '13.1.1', '13.2.4', '13.2.5'),
  inHandbook('Pools, time limits, and what happens beyond them', '13.1.2', '13.1.3'),
  inHandbook('Secrets, and when to renew them', '13.1.4'),
  inHandbook('give the server a role of its own', '13.2.1'),
  inHandbook('What is kept of people, how it is classed', '14.1.1'),
  inHandbook('How it is protected, and until when', '14.1.2'),
  inHandbook('is renewed within 7 days when it is critical or high', '15.1.1', '15.2.1'),
  inHandbook('lists every component with its version and hash', '15.1.2', '15.2.4'),
  inHandbook('What takes much of a processor or of memory', '15.1.3'),
  inHandbook('In production only the dependencies of', '15.2.3'),
  inHandbook('What is logged, where, and for how long', '16.1.1', '16.2.3'),
  inHandbook('Send the lines of standard output to a system of their own', '16.4.3'),
]

function inHandbook(says: string, ...numbers: string[]): Reference {
  return { numbers, document: 'the handbook', says }
}

function inHome(says: string, ...numbers: string[]): Reference {
  return { numbers, document: 'the documentation home', says }
}
