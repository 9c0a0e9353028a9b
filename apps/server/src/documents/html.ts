/** Text that is safe as it stands in an HTML document; a class, so that no data can pass for it. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

type Part = Html | string | number | false | null | undefined

/** Markup whose interpolated parts are escaped, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: (Part | Part[])[]): Html {
  const rendered = strings.map((text, index) => text + render(parts[index]))
  return new Html(rendered.join(''))
}

function render(part: Part | Part[]): string {
  if (Array.isArray(part)) return part.map(render).join('')
  if (part === false || part === null || part === undefined) return ''
  return part instanceof Html ? part.markup : escapeHtml(String(part))
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** A path or a code that a narrow screen may break after its slashes and underscores. */
export function breakable(text: string): Html {
  const parts = text.split(/(?<=[/_])/).map((part, index) => (index ? html`<wbr>${part}` : part))
  return html`${parts}`
}

/** Text with `code` between backticks, as the contract writes it. */
export function inlineCode(text: string): Html {
  const parts = text
    .split('`')
    .map((part, index) => (index % 2 ? html`<code>${part}</code>` : part))
  return html`${parts}`
}
