import { clearScreenDown, createInterface, cursorTo } from 'node:readline';
import type { Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Output } from './screen.ts';

/** A prompt that hides while answers are printed, and comes back with the text typed meanwhile. */
export interface Prompt {
  readonly lines: Interface;
  /** Shows the prompt: this text, then what is typed. */
  show(text: string): void;
  hide(): void;
  /** Replaces the text typed so far and returns it. */
  swap(typed: string): string;
}

/** Creates a prompt, hidden at first. */
export function createPrompt(input: NodeJS.ReadableStream, output: Output): Prompt {
  let isShown = false;
  // Readline echoes what is typed. While an answer is printed, the echo would stand in the middle of it.
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
  // From here on the handler of the line owns the screen.
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
      // Readline can set its line only through its own keys.
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      lines.write(typed);
      return line;
    },
  };
}
