import type { Prompt } from './prompt.ts';
import type { Talk } from './talk.ts';
import type { Teller } from './teller.ts';

/** The purpose of the prompt: the next message, or the answer to an approval. */
export interface Asking {
  /** Whether the next line answers an approval. */
  readonly isOpen: boolean;
  /** Forgets an approval that is answered, and the text that was typed for it. */
  settle(): void;
  /** Shows the prompt. Prints the approval first when it is new. */
  show(): void;
  /**
   * Takes a line as the answer, and asks again when it is neither yes nor no. Rejects when the answer did not
   * arrive.
   */
  take(line: string): Promise<void>;
}

/**
 * Creates the asking of a talk. A message that was half typed when an approval came is restored afterwards.
 */
export function createAsking(talk: Talk, teller: Teller, prompt: Prompt): Asking {
  let asked: string | undefined;
  let draft = '';

  const turnTo = (approval: string | undefined): void => {
    if (approval === asked) return;
    // Text typed for one approval must not answer another.
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
