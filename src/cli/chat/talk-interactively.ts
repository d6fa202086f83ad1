import { once } from 'node:events';
import type { Asking } from './asking.ts';
import type { Prompt } from './prompt.ts';
import type { Talk } from './talk.ts';
import type { Teller } from './teller.ts';

export interface Interactive {
  readonly talk: Talk;
  readonly teller: Teller;
  readonly prompt: Prompt;
  readonly asking: Asking;
  /** Aborted when chat has to end. */
  readonly signal: AbortSignal;
}

/**
 * Runs the prompt until the user leaves: with Ctrl-D, or with Ctrl-C while no turn runs. While a turn runs,
 * Ctrl-C cancels it and a second Ctrl-C leaves.
 */
export async function talkInteractively({
  talk,
  teller,
  prompt,
  asking,
  signal,
}: Interactive): Promise<void> {
  const { lines } = prompt;
  let cancelling: string | undefined;

  lines.on('line', (line) => {
    if (asking.isOpen) {
      void asking.take(line).catch((error: unknown) => fail('Not answered', error));
      return;
    }
    if (line.trim() === '') return rest();
    // Text typed while an answer is printed is not echoed, so this line shows it.
    if (talk.busy) teller.notice(`queued: ${line}`);
    void talk.send(line).catch((error: unknown) => fail('Not sent', error));
  });

  lines.on('SIGINT', () => {
    const { session, turn } = talk;
    if (!talk.busy || session === undefined || (cancelling !== undefined && cancelling === (turn ?? ''))) {
      lines.close();
      return;
    }
    cancelling = turn ?? '';
    prompt.hide();
    teller.notice('cancelling…');
    void session.cancel(turn).catch((error: unknown) => fail('Not cancelled', error));
  });

  signal.addEventListener('abort', () => lines.close());
  const closed = once(lines, 'close');
  rest();
  await closed;
  prompt.hide();

  function rest(): void {
    if (talk.approval !== undefined || !talk.busy) asking.show();
  }

  function fail(what: string, error: unknown): void {
    if (signal.aborted) return;
    prompt.hide();
    teller.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    rest();
  }
}
