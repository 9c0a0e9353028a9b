import { useState } from 'react'
import { commonText } from '../../text/common.ts'
import { userText } from '../../text/user.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { differing, type Member, type Values } from './members.ts'

const text = userText.conflict

type Side = 'mine' | 'theirs'

/** Shows both versions of every field that differs, and lets the person choose for each. */
export function ConflictDialog(props: {
  /** What the person began with. */
  base: Values
  mine: Values
  theirs: Values
  isBusy: boolean
  onChoose: (chosen: Values) => void
  onGiveUp: () => void
  onClose: () => void
}) {
  const { base, mine, theirs, isBusy, onChoose, onGiveUp, onClose } = props
  const edited = differing(base, mine)
  const fields = differing(mine, theirs)
  const [choices, setChoices] = useState<Partial<Record<Member, Side>>>({})
  // What the person has not touched is the others' to decide.
  const sideOf = (member: Member): Side =>
    choices[member] ?? (edited.includes(member) ? 'mine' : 'theirs')

  function choose() {
    const taken = fields.map((member) => [
      member,
      (sideOf(member) === 'mine' ? mine : theirs)[member],
    ])
    onChoose({ ...theirs, ...Object.fromEntries(taken) })
  }

  return (
    <Dialog title={text.title} description={text.text} isLarge onClose={onClose}>
      {fields.length === 0 && <p className="alert plain">{text.gone}</p>}
      {fields.map((member) => (
        <fieldset key={member} className="conflict">
          <legend>{userText.members[member]}</legend>
          {(['mine', 'theirs'] as const).map((side) => (
            <label key={side} className="choice">
              <input
                type="radio"
                name={`conflict-${member}`}
                checked={sideOf(member) === side}
                onChange={() => setChoices((known) => ({ ...known, [member]: side }))}
              />
              <span>
                <span className="label">{text[side]}</span>
                <bdi>{wordsOf((side === 'mine' ? mine : theirs)[member])}</bdi>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
      <footer>
        <Button onClick={onClose}>{commonText.cancel}</Button>
        <Button onClick={onGiveUp}>{text.reload}</Button>
        <Button look="primary" isBusy={isBusy} onClick={choose}>
          {text.save}
        </Button>
      </footer>
    </Dialog>
  )
}

function wordsOf(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? commonText.yes : commonText.no
  return value || text.empty
}
