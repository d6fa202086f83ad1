import type { SessionEvent, SpokenEvent } from '../../protocol/index.ts';
import { createChain } from '../chain.ts';
import type { Projection, Scope } from '../dialect.ts';
import { toAgUiFrame } from './ag-ui-event.ts';
import type { AgUiEvent } from './ag-ui-event.ts';
import { agUiVersion, before1, toRunId } from './names.ts';
import { createRunEvents } from './run-events.ts';
import { toTokenUsage } from './token-usage.ts';

/**
 * The revision of the frames. Clients resume in the middle of an entry, by the place of a frame among those of
 * the entry. So a change of the frames of any entry raises the revision.
 */
export const agUiRevision = 1;

type TurnEnd = Extract<SessionEvent, { type: 'message_end' }>;

/**
 * Opens the projection of an exchange to the events of one run. A run begins with the entry that names its
 * turn, so that it is announced before the agent is asked. A stream that shows the `whole` exchange is one
 * run, too: its clients show the turns of an exchange as one message.
 */
export function openAgUi({ scope }: { readonly scope: Scope }): Projection {
  const chain = createChain(scope);
  const { session, thread = session, turn, whole, variant, withdrawn = new Set() } = chain.exchange;
  const isFrom1 = variant !== before1;
  const events = createRunEvents({ withdrawn, hasSubagents: isFrom1 });
  let runId: string | undefined;
  let isOver = false;

  const start = (event: SessionEvent): readonly AgUiEvent[] => {
    if (runId !== undefined) return [];
    runId = toRunId(session, turn, !whole && 'run' in event ? event.run : undefined);
    return [
      { type: 'RUN_STARTED', threadId: thread, runId, ...(isFrom1 && { protocolVersion: agUiVersion }) },
    ];
  };

  const finish = (end: TurnEnd | undefined): readonly AgUiEvent[] => {
    isOver = true;
    const waits = end?.outcome === 'waiting';
    const { events: closing, interrupts } = events.end(waits);
    const usage = isFrom1 ? toTokenUsage(end?.usage) : {};
    if (end?.outcome === 'failed') {
      const { message = 'The agent failed.', code = 'agent_failed' } = end.error ?? {};
      return [...closing, { type: 'RUN_ERROR', message, code, ...usage }];
    }
    const isDone = end !== undefined && end.outcome !== 'cancelled';
    const run = { type: 'RUN_FINISHED', threadId: thread, runId: runId ?? '', ...usage } as const;
    const metadata = isFrom1 && end?.reason !== undefined && { metadata: { reason: end.reason } };
    if (waits && interrupts.length > 0)
      return [...closing, { ...run, outcome: { type: 'interrupt', interrupts }, ...metadata }];
    // Clients before AG-UI 1 know no cancelled run.
    if (!isDone && !isFrom1) return [...closing, run];
    return [...closing, { ...run, outcome: { type: isDone ? 'success' : 'cancelled' }, ...metadata }];
  };

  const tell = (event: SessionEvent): readonly AgUiEvent[] => {
    switch (event.type) {
      case 'session_start':
      case 'message':
      case 'withdraw':
      case 'approval_answer':
      case 'cancel_request':
        return [];
      case 'message_start':
        return event.attempt > 1 ? events.restart() : [];
      case 'message_end':
        return event.turn === turn ? [] : events.end(event.outcome === 'waiting').events;
      default:
        return events.see(event satisfies SpokenEvent);
    }
  };

  return {
    project({ event }) {
      if (isOver) return [];
      const place = chain.see(event);
      if (place === 'other') return [];
      const told = tell(event);
      // The calls of the turns before are known, but not shown.
      if (place === 'known') return [];
      const last = chain.end === undefined ? [] : finish(event.type === 'message_end' ? event : undefined);
      return [...start(event), ...told, ...last].map(toAgUiFrame);
    },
    announce(event) {
      if (event.type === 'resync')
        return toError('This run is not kept any more. Load the conversation again.', 'forgotten');
      if (event.type === 'auth_expired') return toError('The credentials have expired.', 'auth_expired');
      return [];
    },
    get over() {
      return isOver;
    },
  };
}

function toError(message: string, code: string): ReturnType<Projection['announce']> {
  return [toAgUiFrame({ type: 'RUN_ERROR', message, code })];
}
