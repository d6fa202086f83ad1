export type { Agent, AgentFunction, ApprovalAnswer, OpenSession, Turn, TurnInput } from './agent.ts';
export { toText } from './content.ts';
export type { Content, ContentPart } from './content.ts';
export { isContent, isEntry, isSessionEvent, isSessionState } from './decode.ts';
export type { Entry } from './entry.ts';
export { AgentError, RefusalError, isAgentError, refusals } from './errors.ts';
export type { RefusalCode } from './errors.ts';
export type {
  AgentEvent,
  ApprovalStatus,
  EngineEvent,
  Outcome,
  SessionEvent,
  SpokenEvent,
  ToolStatus,
  TurnError,
  Usage,
} from './events.ts';
export { emptyState, fold, foldEntries } from './fold.ts';
export type { FoldedEntry } from './fold.ts';
export { fromWireId, toEntryId, toSeq, toWireId } from './id.ts';
export type { EntryId, WireId } from './id.ts';
export { headers, protocolVersion, sessionPattern } from './names.ts';
export { defineAgent, toAgent } from './to-agent.ts';
export type { ResponseLike, AgentOutput, StreamLike } from './to-agent-events.ts';
export type { PastAnswer, PastMessage, PastPart, PastSent } from './past.ts';
export { reachesBack } from './reaches-back.ts';
export type {
  AgentMessage,
  ApprovalPart,
  CustomPart,
  MessageState,
  OpenStep,
  PendingApproval,
  PartState,
  SentMessage,
  SessionState,
  TextPart,
  ToolPart,
} from './state.ts';
export type { ResyncReason, StreamEvent } from './stream-event.ts';
