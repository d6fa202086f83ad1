import { createInterface } from 'node:readline';
import { isRecord } from '../../src/protocol/internal.ts';

/**
 * Prints `ready`, and then answers each line of JSON on stdin with one line on stdout, in order. Exits the
 * process when stdin ends.
 */
export async function answerLines(
  ready: unknown,
  answer: (message: Readonly<Record<string, unknown>>) => unknown,
): Promise<never> {
  print(ready);
  for await (const line of createInterface({ input: process.stdin })) {
    const message: unknown = JSON.parse(line);
    if (!isRecord(message)) throw new TypeError(`That is no message: ${line}`);
    print(message['type'] === 'collect' ? collect() : await answer(message));
  }
  process.exit();
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value ?? {})}\n`);
}

/** Collects garbage three times, because one collection finalizes objects and the next one frees them. */
function collect(): void {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
}
