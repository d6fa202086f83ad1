import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import { checkpointerOf } from './graph-like.ts';
import type { GraphLike, MemorySaverLike } from './graph-like.ts';
import type { GraphSnapshot } from './graph-snapshot.ts';
import { fillSaver, readSaver } from './saver-content.ts';
import type { SavedNamespace } from './saver-content.ts';

/** Where a graph keeps its checkpoints: with the turn's snapshot, or in a checkpointer of the user's own. */
export interface GraphMemory {
  /**
   * Makes the checkpoint of a snapshot ready, and returns the ids of the messages in it; undefined if it is
   * not there, or is not the newest where it must be.
   */
  open(saved: GraphSnapshot, isNewest: boolean): Promise<readonly string[] | undefined>;
  /** Returns the content to save with the turn; undefined if the graph's own checkpointer keeps it. */
  content(
    thread: string,
    newest: ReadonlyMap<string, string>,
    isWaiting: boolean,
  ): readonly SavedNamespace[] | undefined;
  /** Returns the tasks that raised interrupts in these namespaces, by the interrupt's id. */
  tasks(
    thread: string,
    newest: ReadonlyMap<string, string>,
    namespaces: Iterable<string>,
  ): Promise<ReadonlyMap<string, string>>;
}

/** Creates the access to a graph's memory; undefined if it was compiled without a checkpointer. */
export function createGraphMemory(graph: GraphLike, saver: MemorySaverLike): GraphMemory | undefined {
  const checkpointer = checkpointerOf(graph);
  if (checkpointer === undefined) return undefined;
  const isOurs = checkpointer === saver;
  const load = (thread: string, namespace: string, checkpoint?: string): Promise<unknown> =>
    checkpointer.getTuple({
      configurable: {
        thread_id: thread,
        checkpoint_ns: namespace,
        ...(checkpoint !== undefined && { checkpoint_id: checkpoint }),
      },
    });
  return {
    async open({ thread, checkpoint, namespaces }, isNewest) {
      if (isOurs !== (namespaces !== undefined)) return undefined;
      if (namespaces !== undefined) fillSaver(saver, thread, namespaces);
      const tuple = fieldsOf(await load(thread, '', isNewest ? undefined : checkpoint));
      const { id, channel_values: values } = fieldsOf(tuple['checkpoint']);
      return id === checkpoint ? idsOf(values) : undefined;
    },
    content: (thread, newest, isWaiting) =>
      isOurs ? readSaver(saver, thread, newest, isWaiting) : undefined,
    async tasks(thread, newest, namespaces) {
      const tuples = await Promise.all([...namespaces].map((each) => load(thread, each, newest.get(each))));
      return new Map(
        tuples.flatMap((tuple) =>
          listOf(fieldsOf(tuple)['pendingWrites']).flatMap((write) => {
            const [task, channel, value] = listOf(write);
            return channel === '__interrupt__'
              ? (Array.isArray(value) ? value : [value]).map(
                  (each) => [textOf(fieldsOf(each)['id']), textOf(task)] as const,
                )
              : [];
          }),
        ),
      );
    },
  };
}

/** Returns the ids of all messages in the channels of a checkpoint. */
function idsOf(values: unknown): readonly string[] {
  return Object.values(fieldsOf(values))
    .flatMap((value) => listOf(value))
    .filter(isRecord)
    .flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
}
