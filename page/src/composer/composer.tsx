import type { KeyboardEvent, ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';
import { isComposing, isSendKey } from './is-send-key.ts';
import { useRefusedFiles } from './use-refused-files.ts';
import { useStopKey } from './use-stop-key.ts';
import { useTextBox } from './use-text-box.ts';

export interface ComposerProps {
  /** The name of the conversation. The box takes the focus when it changes. */
  readonly name: string;
  readonly text: string;
  readonly onText: (change: (text: string) => string) => void;
  readonly running: boolean;
  /** Approvals are open: messages wait until they are answered. */
  readonly waiting: boolean;
  readonly disabled: boolean;
  readonly problem: string | undefined;
  /** Rejects when the message could not be sent. The text then returns to the box. */
  readonly onSend: (text: string) => Promise<void>;
  readonly onStop: () => void;
}

export function Composer(props: ComposerProps): ReactElement {
  const { name, text, onText, running, waiting, disabled, problem, onSend, onStop } = props;
  const box = useTextBox(name, text);
  const files = useRefusedFiles();
  const told = files.tried ? strings.filesRefused : problem;
  const sendable = text.trim() !== '' && !disabled;

  const stop = waiting ? strings.stopWaiting : strings.stop;

  useStopKey(running || waiting, onStop);

  const send = (): void => {
    if (!sendable) return;
    onText(() => '');
    // When the user typed meanwhile, the failed text goes before it.
    onSend(text.trim()).catch(() => onText((typed) => (typed === '' ? text : `${text}\n${typed}`)));
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey, keyCode, nativeEvent } = event;
    const press = { key, shiftKey, keyCode, isComposing: nativeEvent.isComposing };
    // With nothing to stop, Esc leaves the box for the conversation, where single keys are shortcuts.
    if (key === 'Escape' && !running && !waiting && !isComposing(press))
      document.querySelector<HTMLElement>('.scroller')?.focus();
    if (!isSendKey(press)) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {told !== undefined && (
        <p className="composer-problem" role="alert">
          {told}
        </p>
      )}
      <div className="composer-box">
        <textarea
          ref={box}
          data-testid="composer"
          aria-label={strings.composer}
          aria-describedby="composer-hint"
          placeholder={
            waiting ? strings.placeholderWaiting : running ? strings.placeholderRunning : strings.placeholder
          }
          rows={1}
          dir="auto"
          enterKeyHint="send"
          value={text}
          disabled={disabled}
          onChange={(event) => {
            files.forget();
            onText(() => event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        {(running || waiting) && (
          <button
            type="button"
            className="round-button stop"
            data-testid="stop"
            onClick={onStop}
            aria-label={stop}
            title={stop}
          >
            <Icon name="stop" />
          </button>
        )}
        <button
          type="submit"
          className="round-button send"
          disabled={!sendable}
          aria-label={strings.send}
          title={strings.send}
        >
          <Icon name="send" />
        </button>
      </div>
      <p className="composer-hint" id="composer-hint">
        {running || waiting
          ? `${strings.hint} · ${waiting ? strings.hintWaiting : strings.hintRunning}`
          : strings.hint}
      </p>
    </form>
  );
}
