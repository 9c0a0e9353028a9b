import type { Chapter } from './handbook.ts'

export const pathways: Chapter = {
  id: 'ways-in',
  title: 'Every way in',
  text: [
    'These are all the ways to be let in, and all that can be done without being signed in. Every way to sign in ends in one function that opens a session, and no other code does. No link, cookie or e-mail signs anybody in.',
    'Which limits hold for each is shown under Limits and lifetimes on the documentation home. There is one strength of sign-in today: a password. A second factor is to come.',
  ],
  tables: [
    {
      caption: 'Ways in, and what guards them',
      heads: ['Operation', 'What it takes', 'What slows guessing', 'What the audit trail notes'],
      rows: [
        [
          '`token.create`',
          'Name and password.',
          'Waits by account, device and address; calls by address; the bounded queue of hashes.',
          '`sign_in.succeeded`, `sign_in.failed`, `sign_in.throttled`',
        ],
        [
          '`token.refresh`',
          'A refresh token, in the body or in the cookie of a page of this site.',
          'An HMAC of 256 bits; a spent token that comes back ends its session.',
          '`session.reused`',
        ],
        [
          '`token.verify`',
          'A token; tells only whether it would be accepted.',
          'A signature, or the HMAC.',
          'Nothing: nothing is done.',
        ],
        [
          '`token.reauthenticate`',
          'An access token and the password.',
          'The same waits as for signing in.',
          '`reauthentication.succeeded`, `reauthentication.failed`',
        ],
        [
          '`password.change`',
          'A recent sign-in, and the password in force.',
          'The same waits as for signing in.',
          '`password.changed`',
        ],
        [
          '`password.set`',
          'The token of a one-time link that staff have made, or of an invitation. Sets a password; does not sign in.',
          '256 random bits, kept as a hash, good once.',
          '`password.set`',
        ],
        [
          '`register`',
          'Anybody, where registration is open. Opens an account; does not sign in.',
          'Calls by address.',
          '`user.registered`',
        ],
        [
          'The command line',
          'Whoever may run programs with the settings of the server. Makes superusers, sets passwords; does not sign in.',
          'The operating system.',
          '`user.created`, `password.reset`',
        ],
      ],
    },
  ],
}

export const validation: Chapter = {
  id: 'validation',
  title: 'What is accepted',
  text: [
    'The form, length, unit and range of every member and parameter stand in the OpenAPI document, which is made from what the server checks. Types are never converted in bodies; text must be well-formed Unicode without NUL; unknown members are passed over, unknown query parameters and unknown filters of bulk actions refused.',
    'Members are also checked together: a password against the name, e-mail address and phone number of its account, a username against the e-mail addresses of others and an address against their names, a cursor against the ordering it was made for.',
    'What there is a limited number of is listed on the documentation home: sessions of an account, rows of a page, calls, attempts, hashes at a time, bytes of a body.',
    'Cookies, `fetch`, ES modules and CSS grid are all that the pages need of a browser: every browser of the last three years has them. Without a script the documents read as they are; setting a password by a link says that it needs one.',
    'API, documents and panel are one application on one host name. Put no other application on it.',
  ],
  tables: [],
}

export const cryptography: Chapter = {
  id: 'cryptography',
  title: 'Cryptography',
  text: [
    'Everything is in one module, `src/crypto.ts`, over OpenSSL as Node.js brings it, and in `@node-rs/argon2`; the linter refuses cryptography anywhere else. Nothing is home-made, and nothing has less than 128 bits of security.',
    'Keys are made by the server from its generator, used for one purpose each, and retired as the table says. Algorithms can be replaced: hashes of passwords name their algorithm and cost and are renewed at sign-in, tokens name their key.',
    'Post-quantum cryptography: signatures live for minutes and are not evidence, so that none recorded today is of use to a quantum computer of tomorrow; Ed25519 will be followed by ML-DSA (FIPS 204) through a new key once JOSE libraries of clients verify it. Symmetric keys have 256 bits.',
  ],
  tables: [
    {
      caption: 'Inventory of cryptography',
      heads: ['What', 'Algorithm', 'Key, and how long it lives', 'For'],
      rows: [
        [
          'Access tokens',
          'EdDSA, Ed25519 (RFC 8037)',
          'Made by the server; `keys.rotate` and `rollcall keys rotate` make the next, `now` and `--now` replace all at once.',
          'Whoever verifies them by `/.well-known/jwks.json`.',
        ],
        [
          'Signing keys at rest',
          'AES-256-GCM, random 96-bit nonce, bound to the id of the key',
          'Derived from the secret by HKDF-SHA-256.',
          'A stolen database signs nothing.',
        ],
        [
          'Refresh tokens',
          'HMAC-SHA-256 over session and generation',
          'Derived from the secret.',
          'Tokens that the database alone cannot make.',
        ],
        [
          'Passwords',
          'argon2id, at least 19 MiB and 2 passes, 128-bit salt',
          'None.',
          'Guessing from a stolen database is slow.',
        ],
        [
          'One-time links',
          '256 random bits, kept as SHA-256',
          'None.',
          'A stolen database opens no account.',
        ],
        [
          'Cursors of lists',
          'HMAC-SHA-256, 128 bits',
          'Derived from the secret.',
          'No made-up cursor.',
        ],
        [
          'Audit trail',
          'Chain of SHA-256, its ends under HMAC-SHA-256',
          'Derived from the secret.',
          'No event is changed, removed or cut off unseen.',
        ],
        [
          'Counters of attempts',
          'HMAC-SHA-256 of the name or address',
          'Derived from the secret.',
          'The counters tell nobody which names were tried.',
        ],
      ],
    },
  ],
}

export const data: Chapter = {
  id: 'data',
  title: 'Data',
  text: [
    'What is kept of people, how it is classed, who sees it, and when it goes. Deleting an account deletes its rows at once, except the audit trail, which outlives it by its retention.',
    'Nothing is sent to third parties, and pages load nothing from other hosts. Answers forbid caches to keep them: `Cache-Control: no-store`.',
  ],
  tables: [
    {
      caption: 'Kinds of data',
      heads: ['What', 'Class', 'Who reads it', 'How it is protected, and until when'],
      rows: [
        [
          'Password',
          'secret',
          'nobody',
          'Only its hash is kept, in no answer and no log; until it is changed or the account deleted.',
        ],
        [
          'Secret of the server, private keys',
          'secret',
          'the server',
          'In the environment or a file of mode 0600; keys encrypted under it; until they are rotated.',
        ],
        [
          'Access, refresh and link tokens',
          'secret',
          'their holder',
          'Never kept in clear; in bodies, headers and the fragment of a link, never in a URL that is sent; until their lifetime is over.',
        ],
        [
          'E-mail address, phone number, names, address',
          'personal',
          'the account itself, holders of `users.view`; as a file holders of `users.export`',
          'By permission on every request, and each export is noted in the audit trail; until the account is deleted.',
        ],
        [
          'Username, flags, roles, instants',
          'internal',
          'the account itself, holders of `users.view`',
          'The same.',
        ],
        [
          'Sessions: address and browser',
          'personal',
          'the account itself, holders of `sessions.view`',
          'Deleted when the session ends.',
        ],
        [
          'How many sign-ins, failures and new accounts there were by day',
          'internal',
          'holders of `users.view`',
          'Of nobody in particular; 400 days.',
        ],
        [
          'Audit trail',
          'personal, evidence',
          'the account itself of what concerns it, holders of `audit.view`',
          'Append-only by triggers, sealed by a chain of hashes; until its retention is over.',
        ],
      ],
    },
  ],
}
