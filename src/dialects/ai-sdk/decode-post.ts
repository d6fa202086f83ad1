import { isRecord } from '../../protocol/internal.ts';
import type { DialectRequest } from '../dialect-route.ts';
import type { AnswerIntent, SendIntent, StreamShow } from '../intent.ts';
import { readLastId } from '../read-last-id.ts';
import type { AiSdkVersion } from './chunk.ts';
import { fromAssistantId } from './chunker.ts';
import {
  decodeMessages,
  refuse,
  toSentContent,
  toInstructions,
  toPast,
  toOptional,
  toPastRef,
} from './decode-message.ts';
import type { SentUiMessage } from './decode-message.ts';
import { toDecision } from './approval-verdict.ts';

/**
 * Decodes the POST of a transport: a new message, an edit, a regeneration, or answers to approvals. The SDK
 * sends the whole conversation each time; only its end is new.
 */
export function decodePost(request: DialectRequest, version: AiSdkVersion): SendIntent | AnswerIntent {
  const { params, body } = request;
  const name = params['thread'] ?? toOptional(body['id']);
  if (name === undefined || name === '')
    throw refuse('The request names no chat: its body has no "id", and its URL does not end with one.');
  // The URLs by which clients load, resume and stop cannot have such a segment.
  if (name === '.' || name === '..' || !name.isWellFormed())
    throw refuse(`A chat cannot have the name "${name}".`);
  const thread = { type: 'named', name } as const;
  const messages = decodeMessages(body['messages']);
  const after = readLastId(request);
  const show: StreamShow = {
    as: 'stream',
    variant: String(version),
    ...(after !== undefined && { after }),
  };
  const named = readNamed(body);
  const last = messages.at(-1);
  // An approval may have been answered in a message before the last one.
  const target = messages.find(({ id, role }) => role === 'assistant' && id === named) ?? last;
  if (target?.role === 'assistant' && body['trigger'] !== 'regenerate-message')
    return { type: 'answer', thread, decisions: toDecisions(target), show };
  if (last?.role !== 'user') throw refuse('The last message is not one of the user. Nothing is new.');
  return { type: 'send', thread, show, ...toSend(messages, last, body) };
}

function toSend(
  messages: readonly SentUiMessage[],
  last: SentUiMessage,
  body: DialectRequest['body'],
): Pick<SendIntent, 'message' | 'key'> {
  const { id: ref } = last;
  const isAgain = body['trigger'] === 'regenerate-message' || readNamed(body) !== undefined;
  if (isAgain && ref === undefined)
    throw refuse('The message has no id, so it cannot take the place of another.');
  const earlier = messages.slice(0, -1);
  // An edit or a regeneration stops the answer that it replaces. Otherwise the last answer that the page shows.
  const answer = earlier.findLast(({ role }) => role === 'assistant');
  const shown = toPastRef(fromAssistantId(answer?.id ?? ''));
  const seen = isAgain ? ref : shown;
  const past = toPast(earlier);
  const instructions = toInstructions(messages);
  return {
    message: {
      content: toSentContent(last),
      ...(ref !== undefined && { ref }),
      ...(isAgain && ref !== undefined && { replaces: ref }),
      ...(seen !== undefined && { seen }),
      ...(past.length > 0 && { past }),
      ...(instructions !== undefined && { metadata: { instructions } }),
    },
    // An edit and a regeneration have the id of the message that they replace.
    ...(!isAgain && ref !== undefined && { key: ref }),
  };
}

/** Returns the message that the request is about: an edited one, or one whose approvals are answered. */
function readNamed(body: DialectRequest['body']): string | undefined {
  return toOptional(body['messageId']) || undefined;
}

/** Returns the answers in a message: those of its last step that has any. */
function toDecisions({ parts }: SentUiMessage): AnswerIntent['decisions'] {
  const steps: (typeof parts)[number][][] = [[]];
  for (const part of parts) {
    if (part.type === 'step-start') steps.push([]);
    else if (part['state'] === 'approval-responded') steps.at(-1)?.push(part);
  }
  const answered = steps.findLast((step) => step.length > 0);
  if (answered === undefined)
    throw refuse('The last message is the assistant’s, and it answers no approval. Nothing is new.');
  return answered.map(({ approval }) => {
    const { id, approved, reason } = isRecord(approval) ? approval : {};
    if (typeof id !== 'string' || typeof approved !== 'boolean')
      throw refuse('An approval is answered without "id" or "approved".');
    const why = toOptional(reason);
    return {
      approval: id,
      decision: toDecision({ approved, ...(why !== undefined && { reason: why }) }),
    };
  });
}
