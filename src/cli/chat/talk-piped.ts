import { createInterface } from 'node:readline';
import type { Talk } from './talk.ts';

/** Sends each line of the input as a message, and waits for its answer before the next. */
export async function talkPiped(talk: Talk, input: NodeJS.ReadableStream): Promise<void> {
  const lines = createInterface({ input, terminal: false });
  try {
    for await (const line of lines) {
      if (line.trim() === '') continue;
      await talk.send(line);
      await talk.idle();
    }
  } finally {
    lines.close();
  }
}
