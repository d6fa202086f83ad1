import type { SessionEvent } from '../../protocol/index.ts';
import type { BareFrame } from '../bare-frame.ts';
import { createChain } from '../chain.ts';
import type { Projection, Scope } from '../dialect.ts';
import { endStates } from './a2a-objects.ts';
import type { A2aEvent, A2aFacts, A2aTaskStatus } from './a2a-objects.ts';
import { toA2aErrorFrame, toA2aEventFrame } from './a2a-frame.ts';
import { toFailureMessage } from './failure-message.ts';
import { fromA2aVariant } from './peer.ts';
import { toQuestionMessage } from './question.ts';
import { createTaskCalls } from './task-calls.ts';
import { toA2aTaskId, toTaskNames } from './task-name.ts';
import { createTaskTexts } from './task-texts.ts';
import { toA2aUserMessage } from './user-message.ts';

/**
 * The revision of the frames. A client may go on in the middle of an entry, by the id of its last frame. So a
 * change of the frames of any entry raises the revision.
 */
export const a2aRevision = 1;

type TurnEnd = Extract<SessionEvent, { type: 'message_end' }>;

/** Opens the projection of an exchange to the stream of a task. */
export function openA2a({ scope }: { readonly scope: Scope }): Projection {
  const chain = createChain(scope);
  const { turn, variant } = chain.exchange;
  const choice = fromA2aVariant(variant);
  const names = toTaskNames(chain.exchange);
  const calls = createTaskCalls();
  const tellText = createTaskTexts(names);
  let isOver = false;

  const toStatus = (status: A2aTaskStatus, metadata?: A2aFacts): A2aEvent => ({
    type: 'status',
    ...names,
    status,
    ...(metadata && { metadata }),
  });
  const work = (at: number, metadata: A2aFacts | undefined): readonly A2aEvent[] =>
    metadata === undefined ? [] : [toStatus({ state: 'WORKING', at }, metadata)];

  const finish = (end: TurnEnd | undefined, at: number): readonly A2aEvent[] => {
    isOver = true;
    const { outcome = 'cancelled', error, reason, usage } = end ?? {};
    const facts = { ...(reason !== undefined && { reason }), ...(usage && { usage }) };
    const metadata = Object.keys(facts).length > 0 ? facts : undefined;
    if (outcome === 'waiting')
      return [
        toStatus(
          { state: 'INPUT_REQUIRED', message: toQuestionMessage(names, turn, calls.questions), at },
          metadata,
        ),
      ];
    if (outcome !== 'failed') return [toStatus({ state: endStates[outcome], at }, metadata)];
    return [toStatus({ state: 'FAILED', message: toFailureMessage(names, turn, error), at }, metadata)];
  };

  const tell = (event: SessionEvent, at: number): readonly A2aEvent[] => {
    switch (event.type) {
      case 'message': {
        const history = choice.isBrief ? {} : { history: [toA2aUserMessage(names, event)] };
        const status = { state: 'SUBMITTED', at } as const;
        const { contextId } = names;
        return [{ type: 'task', task: { id: toA2aTaskId(chain.exchange), contextId, status, ...history } }];
      }
      case 'message_start':
        calls.restart();
        return event.attempt > 1 ? [] : [toStatus({ state: 'WORKING', at })];
      case 'tool_use':
      case 'tool_result':
      case 'approval_request':
        return work(at, calls.see(event));
      case 'custom':
        return work(at, { custom: { name: event.name, data: event.data ?? null } });
      default:
        return tellText(event);
    }
  };

  return {
    project({ event, at }): readonly BareFrame[] {
      if (isOver) return [];
      const place = chain.see(event);
      if (place === 'other') return [];
      const told = tell(event, at);
      if (place === 'known') return [];
      const last =
        chain.end === undefined ? [] : finish(event.type === 'message_end' ? event : undefined, at);
      return [...told, ...last].map((each) => toA2aEventFrame(choice, each));
    },
    announce(event) {
      if (event.type === 'resync')
        return [
          toA2aErrorFrame(choice, 'internal', 'The events of this task are not kept any more. Get the task.'),
        ];
      if (event.type === 'auth_expired')
        return [toA2aErrorFrame(choice, 'unauthorized', 'The credentials have expired.')];
      return [];
    },
    get over() {
      return isOver;
    },
  };
}
