import { type Html, html } from './html.ts'

/** A block of code to copy. It scrolls, so it takes the keyboard's focus and has a name. */
export function snippet(name: string, code: string): Html {
  return html`<div class="snippet"><pre tabindex="0" role="group" aria-label="${name}"><code>${code.split(/(?<=\n)/).map(codeLine)}</code></pre></div>`
}

function codeLine(line: string): Html {
  return /^(#|\/\/)/.test(line) ? html`<span class="comment">${line}</span>` : html`${line}`
}
