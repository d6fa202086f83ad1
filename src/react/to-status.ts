import type { ConversationView } from '../client/index.ts';
import type { AgentMessage } from '../protocol/index.ts';

/**
 * The status of a session, for a view that shows one thing at a time.
 *
 * - `loading`: the session was not read yet.
 * - `ready`: nothing runs.
 * - `submitted`: a message is on its way or waits, and no part of an answer has come.
 * - `streaming`: the answer comes.
 * - `waiting`: the agent asked for approval.
 * - `error`: the session cannot be followed, until `reconnect`. A failed turn is no such error: its message
 *   holds the failure.
 */
export type SessionStatus = 'loading' | 'ready' | 'submitted' | 'streaming' | 'waiting' | 'error';

/** Returns the status. Without a view there is no session yet. */
export function toStatus(view: ConversationView | undefined, isSending: boolean): SessionStatus {
  if (view?.connection === 'closed' && view.error !== undefined) return 'error';
  const { messages = [], approvals = [], turn } = view?.state ?? {};
  const answer = messages.findLast((message): message is AgentMessage => message.role === 'agent');
  if (turn !== undefined) return (answer?.parts.length ?? 0) > 0 ? 'streaming' : 'submitted';
  if (approvals.length > 0) return 'waiting';
  if (isSending || messages.some((message) => message.role === 'user' && message.status === 'waiting'))
    return 'submitted';
  return view === undefined || view.loaded ? 'ready' : 'loading';
}
