import { html } from './html.ts'

/** The page of a one-time link: its receiver chooses a password. The script reads the fragment. */
export function setPasswordPage(): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>Set your password: Rollcall</title>
    <link rel="icon" type="image/svg+xml" href="../assets/docs/icon.svg">
    <link rel="stylesheet" href="../assets/docs/home.css">
    <link rel="stylesheet" href="../assets/docs/set-password.css">
    <script src="../assets/docs/set-password.js" defer></script>
  </head>
  <body>
    <main class="card">
      <p class="wordmark"><img src="../assets/docs/icon.svg" alt="" width="24" height="24">Rollcall</p>
      <h1 id="title" tabindex="-1">Set your password</h1>
      <noscript><p>This page needs JavaScript: switch it on and open the link again.</p></noscript>
      <p id="message" class="message" role="alert" hidden></p>
      <form id="form" method="post" autocomplete="on" novalidate hidden>
        <input name="username" autocomplete="username" aria-label="Username" hidden>
        <label for="password">New password</label>
        <p id="hint" class="hint">A few words that nobody would guess are best. Use them nowhere else.</p>
        <div class="field">
          <input id="password" name="password" type="password" autocomplete="new-password" autocapitalize="none" spellcheck="false" maxlength="128" required aria-describedby="problem hint">
          <button id="reveal" type="button" class="button quiet" aria-label="Show password">Show</button>
        </div>
        <p id="problem" class="problem"></p>
        <button id="submit" type="submit" class="button">Set password</button>
      </form>
      <p id="done" hidden>Every session of your account was ended: sign in with the new password from now on. <a href="../">Go to Rollcall</a></p>
    </main>
  </body>
</html>
`.markup
}
