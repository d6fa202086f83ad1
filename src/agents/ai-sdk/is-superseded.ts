import { fieldsOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { PartReader } from './part-reader.ts';

/** How long a message of a sub-agent waits for a newer one, in milliseconds. */
const messageMs = 100;

/**
 * Resolves with whether the progress of a tool, a preliminary result, need not be told, because the next part tells more. The last
 * value of a tool that is a generator comes twice, as progress and as result. A sub-agent's progress is its whole
 * message so far, again with each word, so of many in a short time only the last one counts.
 */
export async function isSuperseded(part: Fields, reader: PartReader): Promise<boolean> {
  const isMessage = isUiMessage(part['output']);
  await waitAtMost(isMessage ? messageMs : 0, reader.ahead());
  const { type, toolCallId, preliminary, output } = reader.peek() ?? {};
  if (type !== 'tool-result' || toolCallId !== part['toolCallId']) return false;
  return preliminary === true ? isMessage && isUiMessage(output) : isSame(output, part['output']);
}

function isUiMessage(value: unknown): boolean {
  const { role, parts } = fieldsOf(value);
  return typeof role === 'string' && Array.isArray(parts);
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

async function waitAtMost(ms: number, event: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([event, over]);
  clearTimeout(timer);
}
