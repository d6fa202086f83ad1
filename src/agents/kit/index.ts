export { toAgentFacts } from './adapter-options.ts';
export type { AdapterOptions } from './adapter-options.ts';
export { isNamePairs, mintApproval, toVendorAnswers } from './approval-names.ts';
export type { NamePair, VendorAnswer } from './approval-names.ts';
export { createCallNames, createUnusedNames, longestName } from './call-names.ts';
export { createGate } from './create-gate.ts';
export type { ToolGate } from './create-gate.ts';
export { createQueue } from './create-queue.ts';
export type { EventQueue } from './create-queue.ts';
export { createLineTurn } from './create-line-turn.ts';
export type { LineTurn } from './create-line-turn.ts';
export { createText } from './create-text.ts';
export type { StepText } from './create-text.ts';
export { isApproved, reasonOf } from './decisions.ts';
export { createFailure } from './failures.ts';
export type { FailureCode } from './failures.ts';
export { fieldsOf, listOf, textOf } from './fields.ts';
export type { Fields } from './fields.ts';
export { toLineMessages, toSpokenLine, toStartLine } from './lines.ts';
export type { LineFacts, LineFailure, LineMessage, SpokenLine, StartLine } from './lines.ts';
export { isReadable, toReadable } from './readable-content.ts';
export { causesOf, isUnreachable, toAgentError } from './to-agent-error.ts';
export type { NamedFailures } from './to-agent-error.ts';
export { toCallInput } from './to-call-input.ts';
export { toConversation } from './to-conversation.ts';
export type {
  ConversationAnswer,
  ConversationCall,
  ConversationMessage,
  ConversationPrompt,
} from './to-conversation.ts';
export { jsonTextOf } from './json-text-of.ts';
export { toDataUrl } from './to-data-url.ts';
export { toJsonValue } from './to-json-value.ts';
export type { JsonValue } from './to-json-value.ts';
export { toOutputText } from './to-output-text.ts';
export { toSnapshotText } from './to-snapshot-text.ts';
export { toStopReason } from './to-stop-reason.ts';
export { toUsage } from './to-usage.ts';
export type { VendorUsage } from './to-usage.ts';
