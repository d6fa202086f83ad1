import { clearScreenDown, createInterface, cursorTo } from 'node:readline';
import type { Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Output } from './screen.ts';

/** A prompt that gives way to answers, and comes back with what was typed meanwhile. */
export interface Prompt {
  readonly lines: Interface;
  show(): void;
  hide(): void;
}

/** Makes a prompt; it is hidden at first. */
export function createPrompt(input: NodeJS.ReadableStream, output: Output, text: string): Prompt {
  let isShown = false;
  // Readline echoes what is typed: while an answer comes, that would stand in the middle of it.
  const echo = Object.defineProperties(
    new Writable({
      write(chunk: Buffer, _, done) {
        if (isShown) output.write(chunk);
        done();
      },
    }),
    { columns: { get: () => output.columns }, isTTY: { value: true } },
  );
  const lines = createInterface({ input, output: echo, prompt: text, terminal: true });
  // The line is the answerer's from here on.
  lines.on('line', () => (isShown = false));

  return {
    lines,
    show() {
      if (isShown) return;
      isShown = true;
      lines.prompt(true);
    },
    hide() {
      if (!isShown) return;
      isShown = false;
      cursorTo(output, 0);
      clearScreenDown(output);
    },
  };
}
