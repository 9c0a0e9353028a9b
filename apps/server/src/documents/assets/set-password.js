/** Sets a password with the token of a one-time link, which stands in the fragment. */
const [title, message, form, input, reveal, problem, submit, done] = [
  'title',
  'message',
  'form',
  'password',
  'reveal',
  'problem',
  'submit',
  'done',
].map((id) => document.getElementById(id))

let token = ''
let isSending = false

addEventListener('hashchange', openLink)
reveal.addEventListener('click', () => show(input.type === 'password'))
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  if (!isSending) await send()
})
openLink()

/** Takes the token out of the address bar, and so out of the history and of what is shared. */
function openLink() {
  const fragment = location.hash.slice(1)
  if (fragment) {
    token = fragment
    history.replaceState(null, '', location.pathname)
    say('')
  }
  form.hidden = token === ''
  done.hidden = true
  if (token === '') say('This link is not complete. Open the whole link that you were given.')
}

async function send() {
  setSending(true)
  complain('')
  say('')
  try {
    const response = await fetch('../api/password/set/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token, new_password: input.value }),
    })
    if (response.ok) succeed()
    else refuse(await response.json())
  } catch {
    say('The server cannot be reached. Try again in a moment.')
  } finally {
    setSending(false)
  }
}

function succeed() {
  show(false)
  token = ''
  form.hidden = true
  form.reset()
  done.hidden = false
  title.textContent = 'Your password is set'
  document.title = 'Your password is set: Rollcall'
  title.focus()
}

function refuse({ detail, errors = [] }) {
  const [first] = errors
  if (first?.field === 'new_password') return complain(first.detail)
  say(first?.detail ?? detail)
  if (first?.field !== 'token') return
  form.hidden = true
  title.focus()
}

/** What is wrong with the password, next to it. */
function complain(text) {
  problem.textContent = text
  input.ariaInvalid = text === '' ? null : 'true'
  if (text !== '') input.focus()
}

/** What is wrong with anything else. */
function say(text) {
  message.textContent = text
  message.hidden = text === ''
}

function show(isShown) {
  input.type = isShown ? 'text' : 'password'
  reveal.textContent = isShown ? 'Hide' : 'Show'
  reveal.ariaLabel = `${reveal.textContent} password`
}

/** Not `disabled`, which would take the focus away. */
function setSending(isUnderWay) {
  isSending = isUnderWay
  submit.ariaDisabled = String(isUnderWay)
}
