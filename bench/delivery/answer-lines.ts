import { createInterface } from 'node:readline';
import { isRecord } from '../../src/protocol/internal.ts';

/** Answers each line of JSON on stdin with one on stdout, in order; the first line out is `ready`. Ends the process with stdin. */
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

/** More than once: what the first collection finalizes, the next one frees. */
function collect(): void {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
}
