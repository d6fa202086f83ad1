import type { ReactElement } from 'react';
import { Modal } from '../app/modal.tsx';
import { choices } from '../choices/choices.ts';
import { useChoice } from '../choices/use-choice.ts';
import { strings } from '../strings/strings.ts';
import { shortcutKeys, shortcuts } from './to-shortcut.ts';

/** Renders the keyboard shortcuts, and the switch of those with a single key (WCAG 2.2, 2.1.4). */
export function HelpSheet({ onClose }: { readonly onClose: () => void }): ReactElement {
  const isOn = useChoice(choices.shortcuts) === 'on';
  return (
    <Modal className="dialog help-sheet" label={strings.shortcuts} onClose={onClose}>
      <h2>{strings.shortcuts}</h2>
      <dl>
        <Keys keys={['Enter']} what={strings.shortcutSend} />
        <Keys keys={['Shift', 'Enter']} what={strings.shortcutLine} />
        <Keys keys={['Esc']} what={strings.shortcutStop} />
        {shortcuts.map((name) => (
          <Keys
            key={name}
            keys={[shortcutKeys[name].toUpperCase()]}
            what={strings.shortcutNames[name]}
            isOff={!isOn}
          />
        ))}
      </dl>
      <label>
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => choices.shortcuts.set(event.target.checked ? 'on' : 'off')}
        />
        <span>{strings.shortcutsOn}</span>
      </label>
      <p className="quiet">{strings.shortcutsWhen}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          {strings.closeSessions}
        </button>
      </div>
    </Modal>
  );
}

function Keys({
  keys,
  what,
  isOff = false,
}: {
  readonly keys: readonly string[];
  readonly what: string;
  readonly isOff?: boolean;
}): ReactElement {
  return (
    <div data-off={isOff || undefined}>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </div>
  );
}
