import {
  type Endpoint,
  isStream,
  listEndpoints,
  problemsOf,
  schemas,
  type Tag,
} from '@rollcall/contract'
import { breakable, type Html, html, inlineCode } from './html.ts'
import { snippet } from './snippet.ts'
import { accessInWords, tagDescriptions } from './wording.ts'

type Entry = [operationId: string, endpoint: Endpoint]

interface Options {
  readonly swaggerUi: boolean
}

/** Every endpoint by its tag; each opens to its description, problems and example. */
export function endpointsSection(options: Options): Html {
  const byTag = Map.groupBy(listEndpoints(), ([, { tag }]) => tag)
  return html`<section id="endpoints" aria-labelledby="endpoints-title">
        <h2 id="endpoints-title">Endpoints</h2>
        <p>Open one to see what it does, what it answers and what can go wrong.</p>
        ${[...byTag].map(([tag, entries]) => tagGroup(tag, entries, options))}
      </section>`
}

function tagGroup(tag: Tag, entries: Entry[], options: Options): Html {
  return html`<section class="tag" aria-labelledby="tag-${tag}">
          <h3 id="tag-${tag}">${tag}</h3>
          <p>${inlineCode(tagDescriptions[tag])}</p>
          <ul class="endpoints">${entries.map((entry) => html`<li>${endpointDetails(entry, options)}</li>`)}</ul>
        </section>`
}

function endpointDetails([operationId, endpoint]: Entry, { swaggerUi }: Options): Html {
  const { method, path, summary, description, access, tag } = endpoint
  return html`<details id="${operationId}">
            <summary>
              <span class="method ${method.toLowerCase()}">${method}</span>
              <span class="path">${breakable(path.replace(/:(\w+)/g, '{$1}'))}</span>
              <span class="what">${summary}</span>
              <span class="access">${inlineCode(accessInWords(access))}</span>
            </summary>
            <div class="endpoint">
              <p>${inlineCode(description)}</p>
              <dl>
                <dt>Operation</dt><dd><code>${operationId}</code></dd>
                <dt>Answers</dt><dd>${answer(endpoint)}</dd>
                <dt>Problems</dt><dd>${problemLinks(endpoint)}</dd>
              </dl>
              ${examples(operationId, endpoint)}
              ${swaggerUi && html`<p><a href="docs/#/${tag}/${operationId}">Try it in Swagger UI</a></p>`}
            </div>
          </details>`
}

function answer({ response: [status, body], conditional }: Endpoint): Html {
  if (isStream(body)) {
    const [first, ...others] = Object.keys(body.mediaTypes)
    const types = html`<code>${first}</code>${others.map((type) => html` or <code>${type}</code>`)}`
    return html`<code>${status}</code> as a stream: ${types}`
  }
  const name = Object.entries(schemas).find(([, schema]) => schema === body)?.[0]
  return html`<code>${status}</code>${name && html` with <code>${name}</code>`}${!body && ' without a body'}${conditional && body && html`, and its <code>ETag</code>`}`
}

function problemLinks(endpoint: Endpoint): Html {
  const links = problemsOf(endpoint).map(
    (code) => html`<li><a href="#problem-${code}"><code>${code}</code></a></li>`,
  )
  return html`<ul class="codes">${links}</ul>`
}

function examples(operationId: string, endpoint: Endpoint): Html {
  const { method, path, example } = endpoint
  const { params, query, body } = example
  const url = path.replace(/:(\w+)/g, (_, name: string) => params?.[name] ?? '')
  const request = [
    `${method} ${url}${query ? `?${new URLSearchParams(query)}` : ''}`,
    ...(body ? [JSON.stringify(body, null, 2)] : []),
  ]
  return html`<div class="examples">
                <div><h4>Request</h4>${snippet(`Request of ${operationId}`, request.join('\n\n'))}</div>
                ${exampleAnswers(endpoint).map(([title, text]) => html`<div><h4>${title}</h4>${snippet(`${title} of ${operationId}`, text)}</div>`)}
              </div>`
}

/** Each with its title; a stream has one per media type. */
function exampleAnswers({
  response: [, body],
  example,
}: Endpoint): [title: string, text: string][] {
  if (isStream(body)) {
    return Object.entries(body.mediaTypes).map(([type, { example }]) => [
      `Answer as ${type}`,
      example,
    ])
  }
  if (example.response === undefined) return []
  return [['Answer', JSON.stringify(example.response, null, 2)]]
}
