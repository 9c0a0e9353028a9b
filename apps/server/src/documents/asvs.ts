/** A requirement of OWASP ASVS 5.0, in one sentence of our own. */
export interface Requirement {
  readonly number: string
  readonly level: 1 | 2 | 3
  readonly text: string
  /** Why it does not apply. */
  readonly notApplicable?: string
  /** When it will apply: it is about something that is not there yet. */
  readonly appliesLater?: string
}

/** The chapters that the requirements come from. */
export const chapters: Readonly<Record<string, string>> = {
  1: 'Encoding and sanitization',
  2: 'Validation and business logic',
  3: 'Web front end',
  4: 'API and web service',
  5: 'File handling',
  6: 'Authentication',
  7: 'Session management',
  8: 'Authorization',
  9: 'Self-contained tokens',
  11: 'Cryptography',
  12: 'Secure communication',
  13: 'Configuration',
  14: 'Data protection',
  15: 'Secure coding and architecture',
  16: 'Security logging and error handling',
}

/** Every requirement of these chapters; of 1, 5, 12 and 15 those that concern a server without files of users. */
export const requirements: readonly Requirement[] = readRows(`
1.2.1 1 Text is encoded for the place it is put in.
1.2.2 1 Links are built from safe parts, with safe schemes.
1.2.3 1 Text that goes into JSON or scripts cannot break out.
1.2.4 1 Text that goes into a statement of the database cannot break out.
1.2.10 3 Formulas in exported tables are defused.
1.3.11 2 Text that goes into a mail cannot add header fields or receivers. | later: once mails are sent
1.3.12 3 No regular expression can be made to run for long.
1.5.2 2 Input is read into the expected types only.
2.1.1 1 Rules of validation are documented for every input.
2.1.2 2 Rules for combinations of inputs are documented.
2.1.3 2 Business limits are documented.
2.2.1 1 Input is validated against what is expected.
2.2.2 1 Input is validated on the server.
2.2.3 2 Combinations of related inputs are checked to be reasonable.
2.3.1 1 The steps of a flow happen in their order, and none is skipped.
2.3.2 2 Business limits are enforced.
2.3.3 2 An operation happens as a whole or not at all.
2.3.4 2 What there is but one of is never given out twice.
2.3.5 3 High-value flows take the approval of several people. | later: once there is an option for it
2.4.1 2 Flooding and scraping are held back.
2.4.2 3 Flows take a time that a human being could keep to. | later: once there is an option for it
3.1.1 3 The browser features that are needed are documented.
3.2.1 1 Browsers do not render content in a wrong context.
3.2.2 1 Text is shown as text, never as markup.
3.2.3 3 Scripts cannot be misled by named elements of the page.
3.3.1 1 Cookies are \`Secure\` and named with a prefix.
3.3.2 2 Cookies have a \`SameSite\` that fits their purpose.
3.3.3 2 Cookies are named \`__Host-\` unless shared on purpose.
3.3.4 2 Cookies that scripts need not see are \`HttpOnly\`.
3.3.5 3 A cookie has at most 4,096 bytes.
3.4.1 1 Every answer demands https for a year, subdomains included.
3.4.2 1 Cross-origin access is fixed or by an allow-list.
3.4.3 2 Pages have a content security policy.
3.4.4 2 Every answer forbids guessing its media type.
3.4.5 2 A referrer policy keeps addresses to the site.
3.4.6 2 No other site can embed a page.
3.4.7 3 The content security policy reports its violations.
3.4.8 3 Pages are cut off from the windows of other origins.
3.5.1 1 Requests of other sites are refused where a cookie counts.
3.5.2 1 The preflight of other origins cannot be avoided.
3.5.3 1 GET, HEAD and OPTIONS change nothing.
3.5.4 2 Separate applications have separate host names.
3.5.5 2 Messages between windows are checked. | not applicable: none are used
3.5.6 3 There is no JSONP.
3.5.7 3 Scripts hold no data that needs authorisation.
3.5.8 3 Other sites cannot load resources that need authentication.
3.6.1 3 Assets of other hosts are checked for integrity.
3.7.1 2 Only supported and secure client technology is used.
3.7.2 2 Redirects go to allowed hosts only.
3.7.3 3 Users are told before they leave for another host.
3.7.4 3 The domain is on the preload list for https.
3.7.5 3 Browsers without a needed feature fall back safely.
4.1.1 1 Every answer names the media type and charset of its body.
4.1.2 2 Only pages redirect from http to https, the API never.
4.1.3 2 Users cannot override the header fields of a proxy.
4.1.4 3 Only methods that are used are answered.
4.1.5 3 Very sensitive messages are signed one by one. | not applicable: no operation is of that kind
4.2.1 2 All parts agree where a message ends: nothing can be smuggled.
4.2.2 3 The stated length of a message fits its framing.
4.2.3 3 HTTP/2 and HTTP/3 messages carry no header fields of a connection. | not applicable: HTTP/1.1 only, behind the proxy
4.2.4 3 HTTP/2 and HTTP/3 header fields carry no line breaks. | not applicable: HTTP/1.1 only, behind the proxy
4.2.5 3 Own requests are never made too long to be served.
4.3.1 2 GraphQL queries are limited in cost. | not applicable: there is no GraphQL
4.3.2 2 GraphQL introspection is off. | not applicable: there is no GraphQL
4.4.1 1 WebSockets are encrypted. | not applicable: there are no WebSockets
4.4.2 2 The origin of a WebSocket is checked. | not applicable: there are no WebSockets
4.4.3 2 WebSockets have session tokens of their own. | not applicable: there are no WebSockets
4.4.4 2 WebSocket tokens are had through a secure session. | not applicable: there are no WebSockets
5.4.2 2 Names of files to download are safe.
6.1.1 1 The documents state rate limits, anti-automation, and how hostile lock-out is prevented.
6.1.2 2 The list of context words barred from passwords is documented.
6.1.3 2 All ways to sign in are documented with their controls.
6.2.1 1 Passwords have at least 8 characters; 15 are advised.
6.2.2 1 Users can change their password.
6.2.3 1 Changing a password takes the current and the new one.
6.2.4 1 New passwords are checked against at least 3,000 common ones.
6.2.5 1 Any composition is allowed: there are no rules about classes of characters.
6.2.6 1 Password fields are masked.
6.2.7 1 Pasting and password managers work.
6.2.8 1 Passwords are verified exactly as received: not trimmed, cut or case-folded.
6.2.9 2 Passwords of at least 64 characters are permitted.
6.2.10 2 Passwords need not be changed from time to time.
6.2.11 2 Context words are barred from passwords.
6.2.12 2 New passwords are checked against a set of breached ones.
6.3.1 1 Controls against credential stuffing and brute force work as documented.
6.3.2 1 There are no default accounts.
6.3.3 2 Access takes a second factor; at level 3 hardware that resists phishing. | later: once there is a second factor
6.3.4 2 No way to sign in is undocumented, and all are equally strong.
6.3.5 3 Users are told of suspicious attempts to sign in.
6.3.6 3 E-mail is not used as a factor of authentication.
6.3.7 3 Users are told when their credentials, e-mail address or username change.
6.3.8 3 Nobody can tell by text, code or time whether an account exists.
6.4.1 1 Initial secrets are random, expire, work once and are never permanent.
6.4.2 1 There are no password hints and no security questions.
6.4.3 2 Resetting a password does not get around the second factor.
6.4.4 2 A lost factor is replaced on the same proof as at enrolment. | later: once there is a second factor
6.4.5 3 Users are reminded before an authenticator expires. | later: once API keys expire
6.4.6 3 Administrators may start a reset, and never choose the password.
6.5.1 2 TOTP codes, look-up secrets and out-of-band codes work once. | later: once there are such codes
6.5.2 2 Stored look-up secrets of less than 112 bits are hashed as passwords are. | later: once there are recovery codes
6.5.3 2 Seeds and codes come from a secure generator.
6.5.4 2 Codes have at least 20 bits.
6.5.5 2 Out-of-band codes live 10 minutes at most, TOTP codes 30 seconds. | later: once there are such codes
6.5.6 3 Every factor can be revoked. | later: once there are further factors
6.5.7 3 Biometrics serve as a second factor only. | later: once there are passkeys
6.5.8 3 TOTP takes its time from a trusted clock. | later: once there is TOTP
6.6.1 2 Codes by SMS or telephone are restricted. | not applicable: none are offered
6.6.2 2 An out-of-band token is bound to what it was made for.
6.6.3 2 Out-of-band codes are limited in rate.
6.6.4 3 Push notifications cannot be used to wear people down. | not applicable: there are no push notifications
6.7.1 3 Public keys and certificates of authenticators are protected from change. | later: once there are passkeys
6.7.2 3 Challenge nonces have at least 64 bits and are unique. | later: once there are passkeys
6.8.1 2 Accounts of several identity providers cannot be mixed up. | not applicable: there is no federation
6.8.2 2 Signatures on assertions are always validated.
6.8.3 2 SAML assertions cannot be replayed. | not applicable: there is no SAML
6.8.4 2 The strength of a sign-in at an identity provider is checked. | not applicable: there is no federation
7.1.1 2 Timeouts of sessions are documented and justified.
7.1.2 2 The number of parallel sessions is defined.
7.1.3 2 Federated sessions are documented. | not applicable: there is no single sign-on
7.2.1 1 Tokens are verified on the backend.
7.2.2 1 Sessions have tokens of their own, no static keys.
7.2.3 1 Reference tokens come from a secure generator and have at least 128 bits.
7.2.4 1 Signing in, again too, makes a new token and ends the old one.
7.3.1 2 Sessions end after a time without use.
7.3.2 2 Sessions end after an absolute lifetime.
7.4.1 1 An ended session cannot be used, nor can its self-contained tokens.
7.4.2 1 Disabling or deleting an account ends its sessions.
7.4.3 2 Changing a factor can end all other sessions.
7.4.4 2 Every page shows how to sign out.
7.4.5 2 Administrators can end the sessions of one user or of all.
7.5.1 2 Changing the e-mail address, phone or factors takes signing in again.
7.5.2 2 Users see and end their own sessions.
7.5.3 3 Highly sensitive operations take a further proof.
7.6.1 2 Lifetimes of sessions at a provider and at its relying parties agree. | not applicable: there is no identity provider
7.6.2 2 A session opens only by an explicit act of the user.
8.1.1 1 The rules of access to functions and data are documented.
8.1.2 2 The rules of access to single members are documented.
8.1.3 3 Attributes of the context that decide on access are documented.
8.1.4 3 How the context is used in decisions is documented.
8.2.1 1 Functions are open only to those with the permission.
8.2.2 1 Data are open only to those with the permission for that very object.
8.2.3 2 Members are read and written only by those with the permission for them.
8.2.4 3 Controls adapt to the context during a session, too. | later: once sessions are watched for it
8.3.1 1 Access is enforced on the server, never by the client.
8.3.2 3 A change of rights acts at once.
8.3.3 3 Services act with the rights of the subject that asked. | not applicable: a single service, without intermediaries
8.4.1 2 Tenants are isolated from each other. | not applicable: there is a single tenant
8.4.2 3 Administrative interfaces are protected in several layers.
9.1.1 1 The signature of a token is checked before its content is used.
9.1.2 1 Algorithms are those of an allow-list, without \`none\`, and not mixed.
9.1.3 1 Keys come from configured sources only, never from the token.
9.2.1 1 The time span of a token is enforced.
9.2.2 2 The type of a token is checked.
9.2.3 2 The audience of a token is checked.
9.2.4 2 A key that signs for several audiences names the one meant.
11.1.1 2 A policy states how keys are made, used and retired.
11.1.2 2 An inventory lists all cryptography.
11.1.3 3 Cryptography is found by a search, not by memory.
11.1.4 3 A plan states how to move to post-quantum cryptography.
11.2.1 2 Cryptography comes from validated implementations.
11.2.2 2 Algorithms and keys can be replaced.
11.2.3 2 Cryptography has at least 128 bits of security.
11.2.4 3 Secrets are compared in constant time.
11.2.5 3 Cryptography that fails, fails safely.
11.3.1 1 No insecure block modes or paddings are used.
11.3.2 1 Only approved ciphers and modes are used.
11.3.3 2 Encrypted data cannot be modified unseen.
11.3.4 3 Nonces are never used twice with a key.
11.3.5 3 Encryption and MAC are composed as encrypt-then-MAC. | not applicable: none are composed, only AEAD is used
11.4.1 1 Only approved hash functions are used.
11.4.2 2 Passwords are hashed by a function made for it, at its current cost.
11.4.3 2 Hashes in signatures resist collisions.
11.4.4 2 Keys are derived from passwords by a function made for it. | later: once there is a key from a password
11.5.1 2 Secrets have at least 128 bits from a secure generator; UUIDs are none.
11.5.2 3 The generator holds under load.
11.6.1 2 Only approved signatures are used.
11.6.2 3 Keys are exchanged by approved algorithms. | not applicable: keys are exchanged in TLS alone, at the proxy
11.7.1 3 Data in use are encrypted in memory. | not applicable: a matter of the host
11.7.2 3 As little data as possible are exposed while processed. | not applicable: a matter of the host
12.1.1 1 Only current versions of TLS are used.
12.2.1 1 Everything between clients and the server is encrypted.
12.3.1 2 Everything between the server and what it calls is encrypted.
12.3.2 2 Certificates of servers that are called are checked.
13.1.1 2 All outbound and inbound communication is documented.
13.1.2 3 Sizes of pools, and what happens beyond them, are documented.
13.1.3 3 Timeouts and retries are documented.
13.1.4 3 Secrets and the schedule of their rotation are documented.
13.2.1 2 Backends authenticate to each other by accounts of their own.
13.2.2 2 Backends have the least privileges.
13.2.3 2 Backends have no default credentials.
13.2.4 2 Outbound requests go to an allow-list.
13.2.5 2 The server loads data from allowed places only.
13.2.6 3 Pools, timeouts and retries work as documented.
13.3.1 2 Secrets are managed, and none is in code or builds.
13.3.2 2 Secrets are open to the fewest.
13.3.3 3 Cryptography runs in an isolated module. | not applicable: an option of the operator
13.3.4 3 Secrets expire and are rotated as documented.
13.4.1 1 No source control metadata are served.
13.4.2 2 Debugging is off in production.
13.4.3 2 Folders are not listed.
13.4.4 2 TRACE is not supported.
13.4.5 2 Documentation and metrics are not exposed unless meant to be.
13.4.6 3 Versions of components are not told.
13.4.7 3 Only files of allowed kinds are served.
14.1.1 2 Sensitive data are listed and classified.
14.1.2 2 Each class of data has documented rules of protection.
14.2.1 1 Secrets are in bodies or header fields, never in a URL.
14.2.2 2 Sensitive data are not cached on the way.
14.2.3 2 Sensitive data are not sent to third parties.
14.2.4 2 The rules of protection are kept.
14.2.5 3 Caches take only what they should, under the right type.
14.2.6 3 Answers hold the least that is needed.
14.2.7 3 Data are deleted when their time is over.
14.2.8 3 Files of users are cleaned of metadata. | not applicable: nobody uploads files
14.3.1 1 Signing out clears what the browser keeps.
14.3.2 2 Browsers are told not to cache sensitive data.
14.3.3 2 Browser storage holds no sensitive data.
15.1.1 1 How soon vulnerable components are updated is documented.
15.1.2 2 An inventory lists all components.
15.1.3 2 Operations that take much of a resource are documented, with what keeps them from exhausting it.
15.2.1 1 No component is older than that allows.
15.2.2 2 What takes much of a resource cannot make the server unavailable.
15.2.3 2 Production runs only what it needs.
15.2.4 3 Components come from where they are expected.
15.3.1 1 Answers hold only the members that are needed.
15.3.3 2 Members that a caller may not set are not set.
15.3.4 2 The address of the client is the true one behind proxies.
15.3.5 2 Values of another type are never taken for what they are not.
15.3.6 2 Names of prototypes in input change nothing.
15.3.7 2 A parameter given twice is refused, not guessed at.
15.4.2 3 Checking and acting on it cannot be separated by a race.
16.1.1 2 An inventory states what is logged, where and for how long.
16.2.1 2 Each log entry tells when, where, who and what.
16.2.2 2 Clocks agree, and times are in UTC.
16.2.3 2 Logs go only where the inventory says.
16.2.4 2 Logs have one format that can be read by machine.
16.2.5 2 Logs hold no credentials, and sensitive data only as their class allows.
16.3.1 2 Every authentication is logged, failed ones too.
16.3.2 2 Denied access is logged.
16.3.3 2 Attempts to get around controls are logged.
16.3.4 2 Unexpected errors are logged.
16.4.1 2 Nothing can be injected into logs.
16.4.2 2 Logs are protected from being read or changed.
16.4.3 2 Logs are sent to a separate system.
16.5.1 2 Errors are answered in general words, without inner details.
16.5.2 2 The server goes on safely when a resource fails.
16.5.3 2 Failures never open a way in.
16.5.4 3 A last handler catches every error.
`)

/** The number, the level and the text; then, where it does not apply, why or until when. */
function readRows(table: string): Requirement[] {
  const rows = table.trim().split('\n')
  return rows.map((row) => {
    const pattern = /^([\d.]+) (\d) (.+?)(?: \| (later|not applicable): (.+))?$/
    const [, number = '', level, text = '', kind, reason] = pattern.exec(row) ?? []
    return {
      number,
      level: Number(level) as Requirement['level'],
      text,
      ...(kind === 'not applicable' && { notApplicable: reason }),
      ...(kind === 'later' && { appliesLater: reason }),
    }
  })
}
