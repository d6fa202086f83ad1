import type { Prompt } from './prompt.ts';
import type { Talk } from './talk.ts';
import type { Teller } from './teller.ts';

/** What the prompt is for: the next message, or the answer to an approval. */
export interface Asking {
  /** Whether the line that comes answers an approval. */
  readonly isOpen: boolean;
  /** Forgets a question that is answered, with what was typed to it. */
  settle(): void;
  /** Shows the prompt, after saying what is asked for where that is new. */
  show(): void;
  /** Takes a line for the answer. Neither yes nor no is asked again; rejects where the answer did not arrive. */
  take(line: string): Promise<void>;
}

/** Makes it for a talk. What was half typed when an approval came is there again afterwards. */
export function createAsking(talk: Talk, teller: Teller, prompt: Prompt): Asking {
  let asked: string | undefined;
  let draft = '';

  const turnTo = (approval: string | undefined): void => {
    if (approval === asked) return;
    // What was typed to one question must not answer another.
    const typed = prompt.swap(approval === undefined ? draft : '');
    if (asked === undefined) draft = typed;
    asked = approval;
  };
  const show = (): void => {
    const { approval } = talk;
    if (approval !== undefined && approval.approval !== asked) {
      prompt.hide();
      teller.approval(approval);
    }
    turnTo(approval?.approval);
    prompt.show(approval === undefined ? '› ' : 'Approve? [y/N] ');
  };

  const settle = (): void => {
    if (talk.approval === undefined) turnTo(undefined);
  };

  return {
    get isOpen() {
      return asked !== undefined;
    },
    settle,
    show,
    async take(line) {
      const { approval } = talk;
      const answer = line.trim().toLowerCase();
      const isAnswer = ['', 'y', 'yes', 'n', 'no'].includes(answer);
      if (approval === undefined || approval.approval !== asked) return;
      if (!isAnswer) {
        teller.notice('Please answer y or n; Ctrl-C cancels what was asked for.');
        return show();
      }
      const answered = talk.answer(asked, answer.startsWith('y'));
      if (talk.approval === undefined) settle();
      else show();
      await answered;
    },
  };
}
