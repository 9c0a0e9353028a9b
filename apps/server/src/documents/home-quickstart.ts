import { type Html, html, inlineCode } from './html.ts'
import { curlSteps, type Step, sdkSnippet } from './quickstart.ts'
import { snippet } from './snippet.ts'

/** The five-minute path, twice: the choice between the two works without a script. */
export function quickstartSection(publicUrl: string): Html {
  return html`<section id="quick-start" aria-labelledby="quick-start-title">
        <h2 id="quick-start-title">Quick start</h2>
        <p>From nothing to a signed-in call, in five minutes. Every line can be copied and run as it stands.</p>
        <div class="tabs">
          <input type="radio" name="language" id="with-curl" checked>
          <label for="with-curl">curl</label>
          <input type="radio" name="language" id="with-sdk">
          <label for="with-sdk">JavaScript SDK</label>
          <div class="panel panel-curl">
            <ol class="steps">${curlSteps(publicUrl).map(stepItem)}</ol>
          </div>
          <div class="panel panel-sdk">
            <p>${inlineCode('`@rollcall/sdk` runs in browsers and in Node. It has no dependencies, knows the type of every call and of every problem, and keeps the tokens fresh. Save this as `quickstart.mjs` in a project that has it, and run it with `node quickstart.mjs`.')}</p>
            ${snippet('The quick start with the SDK', sdkSnippet(publicUrl))}
          </div>
        </div>
      </section>`
}

function stepItem({ title, text, code }: Step): Html {
  return html`<li><h3>${title}</h3><p>${inlineCode(text)}</p>${snippet(title, code)}</li>`
}
