import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { MemorySaverLike } from './graph-like.ts';

/** The content of a `MemorySaver` for one namespace: the newest checkpoint, and those that it needs. */
export interface SavedNamespace {
  readonly namespace: string;
  readonly checkpoints: readonly SavedCheckpoint[];
}

/** One checkpoint. Its texts are JSON, as the saver wrote it. */
interface SavedCheckpoint {
  readonly id: string;
  readonly parent?: string;
  readonly checkpoint: string;
  readonly metadata: string;
  /**
   * The writes of tasks after it: the key, the task, the channel, the value as JSON, and the rest of the
   * entry.
   */
  readonly writes: readonly (readonly [
    key: string,
    task: string,
    channel: string,
    value: string,
    path: string,
  ])[];
}

/**
 * Reads what a saver holds of a thread: of each namespace the newest checkpoint, and its writes. `newest`
 * says which one it is, because ids tell it by the clock of the node that made them. Without `isWaiting`, the
 * namespaces of single tasks are left out, since only a run that goes on needs them.
 */
export function readSaver(
  saver: MemorySaverLike,
  thread: string,
  newest: ReadonlyMap<string, string>,
  isWaiting: boolean,
): readonly SavedNamespace[] {
  const stored = fieldsOf(fieldsOf(saver.storage)[thread]);
  return Object.entries(stored)
    .filter(([namespace]) => isWaiting || !namespace.includes(':'))
    .map(([namespace, value]) => {
      const entries = new Map(Object.entries(fieldsOf(value)).map(([id, entry]) => [id, listOf(entry)]));
      const known = newest.get(namespace) ?? '';
      const head = entries.has(known) ? known : [...entries.keys()].toSorted().at(-1);
      const writes = fieldsOf(saver.writes);
      return {
        namespace,
        checkpoints: toChain(entries, head).map(([id, [checkpoint, metadata, parent]]) => ({
          id,
          ...(typeof parent === 'string' && { parent }),
          checkpoint: toText(checkpoint),
          metadata: toText(metadata),
          writes: Object.entries(fieldsOf(writes[JSON.stringify([thread, namespace, id])])).map(
            ([key, write]) => {
              const [task, channel, data, path] = listOf(write);
              return [key, textOf(task), textOf(channel), toText(data), textOf(path)] as const;
            },
          ),
        })),
      };
    });
}

type Entry = readonly unknown[];

/**
 * Returns a checkpoint and those before it that it needs. Most need none. A channel that keeps changes needs
 * all of them since it was last kept whole; the metadata counts these.
 */
function toChain(
  entries: ReadonlyMap<string, Entry>,
  head: string | undefined,
): readonly (readonly [string, Entry])[] {
  const chain: (readonly [string, Entry])[] = [];
  let id: unknown = head;
  let missing = 1;
  while (typeof id === 'string' && missing > 0) {
    const entry = entries.get(id);
    if (entry === undefined) break;
    chain.push([id, entry]);
    missing = chain.length === 1 ? countChanges(entry) : missing - 1;
    id = entry[2];
  }
  return chain;
}

function countChanges(entry: Entry): number {
  const counters = fieldsOf(fieldsOf(JSON.parse(toText(entry[1])))['counters_since_delta_snapshot']);
  const counts = Object.values(counters).map((each) => Number(listOf(each)[1]));
  // The checkpoint that has the channel whole is one more.
  return counts.length === 0 ? 0 : Math.max(...counts) + 1;
}

/** Puts what was read back into a new saver. */
export function fillSaver(saver: MemorySaverLike, thread: string, content: readonly SavedNamespace[]): void {
  const stored: Record<string, object> = {};
  for (const { namespace, checkpoints } of content) {
    stored[namespace] = Object.fromEntries(
      checkpoints.map(({ id, checkpoint, metadata, parent }) => [
        id,
        [toBytes(checkpoint), toBytes(metadata), parent],
      ]),
    );
    for (const { id, writes } of checkpoints) {
      const entries = writes.map(([key, task, channel, value, path]) => [
        key,
        [task, channel, toBytes(value), path],
      ]);
      Reflect.set(saver.writes, JSON.stringify([thread, namespace, id]), Object.fromEntries(entries));
    }
  }
  Reflect.set(saver.storage, thread, stored);
}

/** Reads saved namespaces; undefined if they are broken. */
export function toSavedNamespaces(value: unknown): readonly SavedNamespace[] | undefined {
  return isNamespaces(value) ? value : undefined;
}

function isNamespaces(value: unknown): value is readonly SavedNamespace[] {
  return (
    Array.isArray(value) &&
    value.every((each: unknown) => {
      const { namespace, checkpoints } = fieldsOf(each);
      return typeof namespace === 'string' && Array.isArray(checkpoints) && checkpoints.every(isCheckpoint);
    })
  );
}

function isCheckpoint(value: unknown): boolean {
  const { id, checkpoint, metadata, writes } = fieldsOf(value);
  return (
    [id, checkpoint, metadata].every((each) => typeof each === 'string') &&
    listOf(writes).every((write) => listOf(write).length === 5 && listOf(write).every(isString))
  );
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

/** A saver writes JSON as bytes. */
function toText(bytes: unknown): string {
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : textOf(bytes);
}

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
