import { createDraft } from './draft.ts';
import type { StateDraft } from './draft.ts';
import type { EngineEvent, SessionEvent, SpokenEvent } from './events.ts';
import { foldParts } from './fold-parts.ts';
import type { EntryId } from './id.ts';
import type {
  AgentMessage,
  MessageState,
  PartState,
  PendingApproval,
  SentMessage,
  SessionState,
} from './state.ts';

/** An entry as `fold` takes it. The type of its event may be unknown to this version. */
export interface FoldedEntry {
  readonly id: EntryId;
  readonly event: SessionEvent | { readonly type: 'unknown' };
}

/** Returns the state of a session before its first entry. */
export function emptyState(session: string): SessionState {
  return { session, messages: [], approvals: [] };
}

/**
 * Folds an entry into the state. The function is pure, and unchanged objects keep their identity, so a view
 * can compare by reference. Events of unknown types, or of turns that the state does not know, change only
 * `last`.
 */
export function fold(state: SessionState, entry: FoldedEntry): SessionState {
  return foldEntries(state, [entry]);
}

/**
 * Folds entries into the state in order. The result is the same as with `fold` for each entry, at a lower
 * cost: the lists of the state are copied once for all entries. So an entry costs the same in a long session
 * as in a short one.
 */
export function foldEntries(state: SessionState, entries: readonly FoldedEntry[]): SessionState {
  if (entries.length === 0) return state;
  const draft = createDraft(state);
  for (const { id, event } of entries) {
    foldEvent(draft, event);
    draft.state.last = id;
  }
  return draft.state;
}

function foldEvent(draft: StateDraft, event: FoldedEntry['event']): void {
  const { state } = draft;
  switch (event.type) {
    case 'unknown':
      return;
    case 'session_start':
      if (event.metadata !== undefined) state.metadata = event.metadata;
      return;
    case 'message':
      draft.messages().push(toSent(event, state.last));
      return;
    case 'withdraw':
      return changeSent(draft, event.message, 'withdrawn');
    case 'message_start':
      return startTurn(draft, event);
    case 'message_end':
      return endTurn(draft, event);
    case 'approval_answer':
      return foldAnswer(draft, event);
    default:
      return foldTurn(draft, event);
  }
}

type Of<Type extends EngineEvent['type']> = Extract<EngineEvent, { type: Type }>;

function foldTurn(draft: StateDraft, event: SpokenEvent | Of<'cancel_request'>): void {
  const index = draft.find(event.turn);
  if (index < 0) return;
  if (event.type === 'cancel_request') draft.message(index).cancelling = true;
  else if (event.type === 'step_start' || event.type === 'step_end') foldStep(draft, index, event);
  else foldParts(draft, index, event);
}

function toSent(
  { message, turn, at, content, ref, run, author, replaces, past }: Of<'message'>,
  after: EntryId | undefined,
): SentMessage {
  return {
    role: 'user',
    message,
    turn,
    at,
    content,
    status: past ? 'started' : 'waiting',
    ...(ref !== undefined && { ref }),
    ...(run !== undefined && { run }),
    ...(author !== undefined && { author }),
    ...(replaces !== undefined && { replaces }),
    ...(after !== undefined && { after }),
  };
}

function startTurn(draft: StateDraft, event: Of<'message_start'>): void {
  const { turn, message, attempt, at, resumes, run } = event;
  const { state } = draft;
  state.turn = turn;
  const lastAgent = state.messages.findLastIndex(({ role }) => role === 'agent');
  if (state.messages[lastAgent]?.turn === turn) {
    // The approvals that the earlier attempt asked for are never answered. Its text was withdrawn in the log
    // itself.
    const isKept = (part: PartState): boolean => part.type !== 'approval' || part.status !== undefined;
    const again = draft.message(lastAgent);
    again.attempt = attempt;
    again.parts = again.parts.filter(isKept);
    return;
  }
  const agent: AgentMessage = {
    role: 'agent',
    turn,
    message,
    at,
    attempt,
    parts: [],
    openSteps: [],
    ...(resumes !== undefined && { resumes }),
    ...(run !== undefined && { run }),
  };
  const sentAt = resumes === undefined ? findSent(state.messages, message) : -1;
  const sent = state.messages[sentAt];
  if (sent?.role === 'user') {
    // A message that waited behind others is placed where it was answered, not where it was sent.
    draft.messages().splice(sentAt, 1);
    if (sent.replaces !== undefined) leaveBranch(draft, sent.replaces);
    draft.messages().push({ ...sent, status: 'started' });
  }
  draft.messages().push(agent);
}

/** Goes back to the conversation before a message that another one replaces. Waiting messages stay. */
function leaveBranch(draft: StateDraft, replaced: string): void {
  const from = findSent(draft.state.messages, replaced);
  if (from < 0) return;
  const after = draft.messages().splice(from);
  draft.messages().push(...after.filter((each) => each.role === 'user' && each.status === 'waiting'));
}

/** Returns the index of a user's message in the list, or -1 if it is not there. */
export function findSent(messages: readonly MessageState[], name: string): number {
  return messages.findLastIndex((each) => each.role === 'user' && each.message === name);
}

function changeSent(draft: StateDraft, name: string, status: SentMessage['status']): void {
  const index = findSent(draft.state.messages, name);
  const sent = draft.state.messages[index];
  if (sent?.role === 'user') draft.messages()[index] = { ...sent, status };
}

function endTurn(draft: StateDraft, { turn, outcome, reason, usage, error }: Of<'message_end'>): void {
  const { state } = draft;
  if (state.turn === turn) delete state.turn;
  const index = draft.find(turn);
  if (index >= 0) {
    const message = draft.message(index);
    delete message.cancelling;
    message.outcome = outcome;
    if (reason !== undefined) message.reason = reason;
    if (usage !== undefined) message.usage = usage;
    if (error !== undefined) message.error = error;
  }
  if (outcome === 'waiting') state.approvals = toPending(state.messages[index]);
}

/** Returns the approvals of a turn that have no answer yet. */
function toPending(message: MessageState | undefined): readonly PendingApproval[] {
  if (message?.role !== 'agent') return [];
  return message.parts.flatMap((part) => {
    if (part.type !== 'approval' || part.status !== undefined) return [];
    const { approval, reason, call } = part;
    return [{ turn: message.turn, approval, reason, ...(call !== undefined && { call }) }];
  });
}

/**
 * Applies an answer to the turn that asks now, because an earlier turn may have asked under the same name.
 */
function foldAnswer(draft: StateDraft, { approval, status, decision }: Of<'approval_answer'>): void {
  const { state } = draft;
  const pending = state.approvals.find((each) => each.approval === approval);
  if (pending === undefined) return;
  state.approvals = state.approvals.filter((each) => each !== pending);
  const index = draft.find(pending.turn);
  const message = state.messages[index];
  if (message?.role !== 'agent') return;
  const isIt = (part: PartState): boolean => part.type === 'approval' && part.approval === approval;
  const part = draft.part(index, message.parts.findLastIndex(isIt));
  if (part?.type !== 'approval') return;
  part.status = status;
  if (decision !== undefined) part.decision = decision;
}

type StepEvent = Extract<SpokenEvent, { type: 'step_start' | 'step_end' }>;

function foldStep(draft: StateDraft, index: number, { type, step, agent }: StepEvent): void {
  const message = draft.message(index);
  const others = message.openSteps.filter((open) => open.step !== step);
  message.openSteps = type === 'step_end' ? others : [...others, { step, ...(agent && { agent }) }];
}
