import { toText } from '../../../protocol/index.ts';
import type { Content, ContentPart } from '../../../protocol/index.ts';
import { fieldsOf, isApproved, reasonOf, textOf } from '../../kit/index.ts';
import { answersOf } from '../answers-of.ts';
import type { Asked, RemoteFormat, RemoteRequest } from '../remote-format.ts';
import { listenToA2a } from './a2a-events.ts';

/**
 * The Agent2Agent protocol, by JSON-RPC: version 1.0, or 0.3 if the server does not know that. A server that
 * does not stream is asked for the whole answer.
 */
export const a2aFormat: RemoteFormat = {
  toRequest: (asked) => toCall(asked, 'SendStreamingMessage', toMessage(asked)),
  toOtherRequests: [
    (asked) => toCall(asked, 'message/stream', toOlderMessage(asked)),
    (asked) => toCall(asked, 'SendMessage', toMessage(asked)),
    (asked) => toCall(asked, 'message/send', { ...toOlderMessage(asked), configuration: { blocking: true } }),
  ],
  listen: listenToA2a,
  toCancel(asked, memory) {
    const { task, isOlder } = fieldsOf(memory);
    if (typeof task !== 'string' || task === '') return undefined;
    return toCall(asked, isOlder === true ? 'tasks/cancel' : 'CancelTask', { id: task });
  },
};

function toMessage(asked: Asked): object {
  const parts = toParts(asked).map(({ kind: _, ...part }) => part);
  return { message: { role: 'ROLE_USER', parts, ...toNames(asked) } };
}

function toOlderMessage(asked: Asked): object {
  const parts = toParts(asked).map(toOlderPart);
  return { message: { kind: 'message', role: 'user', parts, ...toNames(asked) } };
}

function toCall({ upstream, start }: Asked, method: string, params: object): RemoteRequest {
  return {
    method: 'POST',
    url: upstream.url,
    headers: { 'a2a-version': method.includes('/') ? '0.3' : '1.0' },
    body: { jsonrpc: '2.0', id: `${start.turn}.${start.attempt}`, method, params },
  };
}

/** The ids of the message. The answer to a question goes to the task that asked. */
function toNames(asked: Asked): object {
  const { start } = asked;
  const { context, task } = fieldsOf(start.snapshot);
  return {
    messageId: `u-${start.turn}-${start.attempt}`,
    ...(textOf(context) !== '' && { contextId: context }),
    ...(answersOf(asked).length > 0 && textOf(task) !== '' && { taskId: task }),
  };
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'file'; readonly raw: string; readonly mediaType: string; readonly filename?: string };

function toParts(asked: Asked): readonly Part[] {
  const answers = answersOf(asked);
  if (answers.length > 0) return answers.map(({ decision }) => toAnswer(decision));
  return [...toEarlier(asked), ...fromContent(asked.start.input.content)];
}

/** A server that has no memory of the conversation is told it in the message: there is no other place. */
function toEarlier({ start }: Asked): readonly Part[] {
  const isKnown = textOf(fieldsOf(start.snapshot)['context']) !== '';
  const earlier = isKnown ? [] : start.messages.slice(0, -1);
  if (earlier.length === 0) return [];
  const told = earlier.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
  return [{ kind: 'text', text: `The conversation so far:\n\n${told}\n\nThe new message:` }];
}

function fromContent(content: Content): readonly Part[] {
  return typeof content === 'string' ? [{ kind: 'text', text: toText(content) }] : content.map(fromPart);
}

function fromPart(part: ContentPart): Part {
  if (part.type === 'text') return { kind: 'text', text: part.text };
  const named = part.type === 'file' && part.name !== undefined && { filename: part.name };
  return { kind: 'file', raw: part.data, mediaType: part.media_type, ...named };
}

function toAnswer(decision: unknown): Part {
  if (typeof decision === 'string') return { kind: 'text', text: decision };
  if (isApproved(decision)) return { kind: 'text', text: 'yes' };
  const reason = reasonOf(decision);
  const isNo = decision === false || fieldsOf(decision)['approved'] === false;
  if (isNo) return { kind: 'text', text: reason === undefined ? 'no' : `no: ${reason}` };
  return { kind: 'data', data: decision };
}

function toOlderPart(part: Part): object {
  if (part.kind !== 'file') return part;
  return { kind: 'file', file: { bytes: part.raw, mimeType: part.mediaType, name: part.filename } };
}
