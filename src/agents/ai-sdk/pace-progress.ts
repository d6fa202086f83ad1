import { fieldsOf, jsonTextOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { PartReader } from './part-reader.ts';

/** The least time between two messages of a sub-agent, in milliseconds. */
const messageMs = 100;

/** The newest progress of a call that is not told yet. */
interface HeldProgress {
  readonly part: Fields;
  /** When it is told at the latest, in milliseconds since 1970. */
  readonly due: number;
}

/**
 * Leaves out the progress of tools that need not be told. The last value of a tool that is a generator comes
 * twice, as progress and as result. A sub-agent's progress is its whole message so far, again with each word,
 * so of many in a short time only the newest is told.
 */
export function paceProgress(reader: PartReader): Pick<PartReader, 'next'> {
  const held = new Map<unknown, HeldProgress>();
  const lastTold = new Map<unknown, number>();
  /** Parts that come before the next one of the reader. */
  const ready: Fields[] = [];

  const tell = (id: unknown): void => {
    const found = held.get(id);
    if (found === undefined) return;
    held.delete(id);
    lastTold.set(id, Date.now());
    ready.push(found.part);
  };

  const hold = (part: Fields): void => {
    const { toolCallId: id, output } = part;
    const before = held.get(id);
    const isNewer = before !== undefined && isMessage(output) && isMessage(before.part['output']);
    if (!isNewer) tell(id);
    const last = isMessage(output) ? (lastTold.get(id) ?? 0) : 0;
    const due = isNewer ? before.due : Math.max(Date.now(), last + messageMs);
    held.set(id, { part, due });
  };

  /** Tells the progress of a call before a part that ends it, unless the part tells the same. */
  const settle = ({ type, toolCallId: id, output }: Fields): void => {
    const value = held.get(id)?.part['output'];
    if (type === 'tool-result' && (isMessage(value) || isSame(value, output))) held.delete(id);
    else tell(id);
  };

  /** Waits for the next part, or tells the progress whose time is over. */
  const wait = async (): Promise<void> => {
    const [soonest] = [...held].toSorted(([, one], [, other]) => one.due - other.due);
    if (soonest === undefined) return;
    const [id, { due }] = soonest;
    await waitAtMost(Math.max(0, due - Date.now()), reader.ahead());
    // A stream that always has a next part must not hold progress back for long.
    if (reader.peek() === undefined || Date.now() > due + messageMs) tell(id);
  };

  return {
    async next() {
      for (;;) {
        if (held.size > 0) await wait();
        const first = ready.shift();
        if (first !== undefined) return first;
        const part = await reader.next();
        if (part === undefined) return part;
        if (part['preliminary'] === true) hold(part);
        else if (held.size === 0) return part;
        else {
          settle(part);
          ready.push(part);
        }
      }
    },
  };
}

function isMessage(value: unknown): boolean {
  const { role, parts } = fieldsOf(value);
  return typeof role === 'string' && Array.isArray(parts);
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const text = jsonTextOf(left);
  return text !== undefined && text === jsonTextOf(right);
}

async function waitAtMost(ms: number, event: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([event, over]);
  clearTimeout(timer);
}
