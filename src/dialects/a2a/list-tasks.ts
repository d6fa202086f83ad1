import type { DialectReply } from '../dialect-reply.ts';
import type { Finding, ListIntent, Listing } from '../intent.ts';
import { toA2aResultReply } from './a2a-frame.ts';
import type { A2aFacts, A2aTask, A2aTaskState } from './a2a-objects.ts';
import type { A2aPeer } from './peer.ts';
import {
  readCountParam,
  readFlagParam,
  readStateParam,
  readTextParam,
  readTimeParam,
  toInvalidParam,
} from './read-params.ts';
import { toA2aTasks } from './to-task.ts';
import { toA2aWords } from './words.ts';

/** The parts of a task that a list shows. */
interface TaskFilter {
  readonly state?: A2aTaskState | undefined;
  readonly since: number;
  readonly size: number;
  readonly after?: TaskOrder | undefined;
  readonly historyLength: number;
  readonly hasArtifacts: boolean;
}

/** The place of a task in a list: the last changed one first. */
interface TaskOrder {
  readonly at: number;
  readonly session: string;
  /** The place among the tasks of its session. */
  readonly index: number;
}

/** A task, and its place in the list. */
interface ListedTask extends TaskOrder {
  readonly task: A2aTask;
}

/** Reads a request to list tasks. */
export function readListTasks(peer: A2aPeer, params: A2aFacts): ListIntent {
  const contextId = readTextParam(params, 'contextId');
  const since = readTimeParam(params, 'statusTimestampAfter') ?? 0;
  const filter = {
    state: readStateParam(params, 'status'),
    since,
    size: readCountParam(params, 'pageSize', { least: 1, most: 100 }) ?? 50,
    after: readPlace(params),
    historyLength: readCountParam(params, 'historyLength') ?? 0,
    hasArtifacts: readFlagParam(params, 'includeArtifacts'),
  };
  return {
    type: 'list',
    ...(contextId !== undefined && { thread: { type: 'named', name: contextId } }),
    since,
    open: () => createTaskList(peer, filter),
  };
}

/** Gathers the tasks of one page. It keeps no more of them than the page has. */
function createTaskList(peer: A2aPeer, filter: TaskFilter): Listing {
  const { state, since, size, after, historyLength, hasArtifacts } = filter;
  let shown: readonly ListedTask[] = [];
  let total = 0;
  let isMore = false;

  const fits = ({ task: { status }, at }: ListedTask): boolean =>
    (state === undefined || status.state === state) && at >= since;

  return {
    see(found: Finding) {
      const view = { historyLength, ...(!hasArtifacts && { isBare: true as const }) };
      const { session } = found;
      const tasks = toA2aTasks(found, view)
        .map((task, index) => ({ task, at: task.status.at, session, index }))
        .filter(fits);
      total += tasks.length;
      const later = tasks.filter((each) => after === undefined || compare(after, each) < 0);
      const all = [...shown, ...later].toSorted(compare);
      isMore ||= all.length > size;
      shown = all.slice(0, size);
    },
    reply(): DialectReply {
      const last = isMore ? shown.at(-1) : undefined;
      return toA2aResultReply(peer, {
        tasks: shown.map(({ task }) => toA2aWords(peer.version).task(task)),
        nextPageToken: last === undefined ? '' : `${last.at}~${last.session}~${last.index}`,
        pageSize: size,
        totalSize: total,
      });
    },
  };
}

function compare(one: TaskOrder, other: TaskOrder): number {
  if (one.at !== other.at) return other.at - one.at;
  if (one.session !== other.session) return one.session < other.session ? -1 : 1;
  return other.index - one.index;
}

function readPlace(params: A2aFacts): TaskOrder | undefined {
  const token = readTextParam(params, 'pageToken');
  if (token === undefined) return undefined;
  const [, at, session, index] = /^(\d{1,16}(?:\.\d{1,9})?)~([\w-]{1,64})~(\d{1,9})$/.exec(token) ?? [];
  if (at === undefined || session === undefined)
    throw toInvalidParam('pageToken', 'must be the "nextPageToken" of a list');
  return { at: Number(at), session, index: Number(index) };
}
