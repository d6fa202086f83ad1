import { RefusalError } from '../../protocol/index.ts';
import type { SessionState } from '../../protocol/index.ts';
import type { DialectRequest } from '../dialect-route.ts';
import type { Finding, Intent, ReadIntent } from '../intent.ts';
import { readLastId } from '../read-last-id.ts';
import type { Interrupt } from './interrupt.ts';
import { before1, fromRunId, toRunId } from './names.ts';
import { toAgUiHistory } from './to-ag-ui-history.ts';
import { toTanStackMessages } from './to-tan-stack-messages.ts';
import type { TanStackMessage } from './to-tan-stack-messages.ts';

/** Reads what TanStack AI gets: the conversation of a thread, or a run from its start. */
export function readGet(request: DialectRequest): Intent {
  const { query } = request;
  const threadId = query.get('threadId');
  const runId = query.get('runId');
  if (threadId !== null && threadId !== '' && threadId.length <= 200) return readHydrate(threadId);
  if (runId !== null && runId !== '' && runId.length <= 200) return readJoin(runId, request);
  throw new RefusalError('malformed', 'Give a "threadId" or a "runId" of at most 200 characters.');
}

function readHydrate(name: string): ReadIntent {
  return {
    type: 'read',
    thread: { type: 'named', name },
    show: { as: 'now', reply: (found) => ({ body: toHydration(found) }) },
    none: { body: { messages: [], activeRun: null, interrupts: null } satisfies Hydration },
  };
}

/**
 * Joins a run. A run that a hydration named says its session. The client's own run is looked for among the
 * sessions at work. The stream shows the whole exchange, because the client drops what it has of it.
 */
function readJoin(runId: string, request: DialectRequest): ReadIntent {
  const own = fromRunId(runId);
  const after = readLastId(request);
  return {
    type: 'read',
    thread: own === undefined ? { type: 'at-work', run: runId } : { type: 'session', session: own.session },
    of: own === undefined ? { run: runId } : { turn: own.turn },
    show: {
      as: 'stream',
      whole: true,
      variant: before1,
      ...(after !== undefined && { after }),
    },
  };
}

interface Hydration {
  readonly messages: readonly TanStackMessage[];
  readonly activeRun: { readonly runId: string } | null;
  readonly interrupts: { readonly runId: string; readonly pending: readonly Interrupt[] } | null;
}

function toHydration({ session, state }: Finding): Hydration {
  const active = findActive(state);
  const { rows, interrupts } = toAgUiHistory(state, {
    hasSubagents: false,
    isShown: ({ message }) => message === active?.message,
  });
  const asking = state.approvals[0]?.turn;
  return {
    messages: toTanStackMessages(rows),
    activeRun: active === undefined ? null : { runId: toRunId(session, active.turn, undefined) },
    interrupts:
      asking === undefined ? null : { runId: toRunId(session, asking, undefined), pending: interrupts },
  };
}

/** Finds the turn that runs or is next. A session that waits for approvals has none. */
function findActive({
  turn,
  approvals,
  messages,
}: SessionState): { readonly turn: string; readonly message: string } | undefined {
  if (approvals.length > 0) return undefined;
  return messages.find((each) =>
    each.role === 'agent' ? each.turn === turn : turn === undefined && each.status === 'waiting',
  );
}
