import { prefer, preferences } from '../preferences.ts'
import { useStore } from '../store.ts'
import { commonText, shellText } from '../text/common.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

const text = shellText.shortcuts

/** Every key that does something, and the way to turn them off (WCAG 2.1.4). */
export function ShortcutList({ onClose }: { onClose: () => void }) {
  const { singleKeys } = useStore(preferences)
  return (
    <Dialog title={text.title} description={text.text} onClose={onClose}>
      <Keys title={text.everywhere} where="everywhere" />
      <Keys title={text.table} where="table" />
      <label className="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={() => prefer({ singleKeys: !singleKeys })}
        />
        <span>
          {text.toggle}
          <span className="hint">{text.toggleHint}</span>
        </span>
      </label>
      <footer>
        <Button look="primary" onClick={onClose}>
          {commonText.close}
        </Button>
      </footer>
    </Dialog>
  )
}

function Keys({ title, where }: { title: string; where: string }) {
  return (
    <section className="stack">
      <h3>{title}</h3>
      <dl className="facts">
        {text.list
          .filter((each) => each.where === where)
          .map(({ keys, what }) => (
            <div key={what} className="key-line">
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}
