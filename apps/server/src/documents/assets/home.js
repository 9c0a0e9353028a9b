/** Adds what a page without a script can do without: copy buttons, and opening what a link names. */
for (const snippet of document.querySelectorAll('.snippet')) addCopyButton(snippet)
addEventListener('hashchange', openTarget)
openTarget()

function addCopyButton(snippet) {
  const block = snippet.querySelector('pre')
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  button.ariaLabel = `Copy: ${block.ariaLabel}`
  button.addEventListener('click', async () => {
    await copy(block)
    tell(button)
  })
  snippet.append(button)
}

/** A page on plain http from another host has no clipboard: the text is selected and copied then. */
async function copy(block) {
  if (navigator.clipboard) return navigator.clipboard.writeText(block.textContent)
  getSelection().selectAllChildren(block)
  document.execCommand('copy')
}

function tell(button) {
  const label = button.ariaLabel
  button.textContent = 'Copied'
  button.ariaLabel = 'Copied'
  setTimeout(() => {
    button.textContent = 'Copy'
    button.ariaLabel = label
  }, 2000)
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target?.localName === 'details') target.open = true
}
