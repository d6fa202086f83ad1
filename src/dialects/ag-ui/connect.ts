import type { SessionState } from '../../protocol/index.ts';
import type { DialectRequest } from '../dialect-route.ts';
import type { Finding, Preface, ReadIntent } from '../intent.ts';
import { toAgUiFrame } from './ag-ui-event.ts';
import type { AgUiEvent } from './ag-ui-event.ts';
import { toCustom } from './custom.ts';
import { readRunInput } from './decode.ts';
import type { RunInput } from './decode.ts';
import { before1 } from './names.ts';
import { toAgUiHistory, toAgUiMessages } from './to-ag-ui-history.ts';
import type { AgUiHistory } from './to-ag-ui-history.ts';

/**
 * Reads a request to connect. It is answered by the conversation so far, as a run of its own, and then by the
 * open run from its start. With `?cursor`, the client resumes that run after the id of a frame.
 */
export function readConnect({ body, query }: DialectRequest): ReadIntent {
  const input = readRunInput(body);
  const { threadId, variant } = input;
  return {
    type: 'read',
    thread: { type: 'named', name: threadId },
    of: 'open',
    show: {
      as: 'stream',
      // A client without a cursor need not see what is withdrawn. With one, each reading must be the same.
      ...(!query.has('cursor') && { fresh: true }),
      ...(variant !== undefined && { variant }),
      preface: (found) => toPreface(input, found),
    },
  };
}

function toPreface(input: RunInput, { state, exchange }: Finding): Preface {
  const shown = exchange?.turn;
  const conversation = toAgUiHistory(state, {
    hasSubagents: input.variant !== before1,
    isShown: ({ turn }) => turn === shown,
  });
  return { frames: toSnapshotRun(input, conversation, toStateEvents(state, shown)).map(toAgUiFrame) };
}

function toSnapshotRun(
  { threadId, runId }: RunInput,
  conversation: AgUiHistory,
  stateEvents: readonly AgUiEvent[],
): readonly AgUiEvent[] {
  const { interrupts } = conversation;
  return [
    { type: 'RUN_STARTED', threadId, runId },
    { type: 'MESSAGES_SNAPSHOT', messages: toAgUiMessages(conversation) },
    ...stateEvents,
    {
      type: 'RUN_FINISHED',
      threadId,
      runId,
      outcome: interrupts.length > 0 ? { type: 'interrupt', interrupts } : { type: 'success' },
    },
  ];
}

/** Returns the agent's last state, and its changes since then, but for those of the turn that is shown. */
function toStateEvents({ messages }: SessionState, shown: string | undefined): readonly AgUiEvent[] {
  const events = messages
    .flatMap((message) => (message.role === 'agent' && message.turn !== shown ? message.parts : []))
    .flatMap((part) => (part.type === 'custom' ? toCustom(part.name, part.data) : []))
    .filter(({ type }) => type !== 'CUSTOM');
  return events.slice(
    Math.max(
      events.findLastIndex(({ type }) => type === 'STATE_SNAPSHOT'),
      0,
    ),
  );
}
