import { clearScreenDown, createInterface, cursorTo } from 'node:readline';
import type { Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Output } from './screen.ts';

/** A prompt that gives way to answers, and comes back with what was typed meanwhile. */
export interface Prompt {
  readonly lines: Interface;
  /** Shows it with this text before what is typed. */
  show(text: string): void;
  hide(): void;
  /** Puts this in the place of what was typed so far, and gives that back. */
  swap(typed: string): string;
}

/** Makes a prompt; it is hidden at first. */
export function createPrompt(input: NodeJS.ReadableStream, output: Output): Prompt {
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
  const lines = createInterface({ input, output: echo, terminal: true });
  // The line is the answerer's from here on.
  lines.on('line', () => (isShown = false));

  return {
    lines,
    show(text) {
      if (isShown) return;
      isShown = true;
      lines.setPrompt(text);
      lines.prompt(true);
    },
    hide() {
      if (!isShown) return;
      isShown = false;
      cursorTo(output, 0);
      clearScreenDown(output);
    },
    swap(typed) {
      const { line } = lines;
      // Readline has no way to set its line but its own keys.
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      lines.write(typed);
      return line;
    },
  };
}
