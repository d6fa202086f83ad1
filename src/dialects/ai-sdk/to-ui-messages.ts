import type { AgentMessage, Content, SentMessage, SessionState } from '../../protocol/index.ts';
import { buildMessage } from './build-message.ts';
import type { AiSdkVersion } from './chunk.ts';
import { createChunker, toAssistantId } from './chunker.ts';
import { toEvents } from './state-events.ts';
import type { UiMessage, UiPart } from './ui-message.ts';
import { createChunkWriter } from './write-chunks.ts';

/**
 * Returns the conversation as `useChat({ messages })` takes it. All turns of one exchange are one message,
 * with the same id and the same parts as in a stream. Messages that wait are the last ones, and messages that
 * were taken back are left out.
 */
export function toUiMessages(state: SessionState, version: AiSdkVersion): readonly UiMessage[] {
  const sent = state.messages.filter((message) => message.role === 'user');
  const waiting = sent.filter(({ status }) => status === 'waiting');
  const exchanges = new Map<string, AgentMessage[]>();
  const order: (SentMessage | AgentMessage[])[] = [];
  for (const message of state.messages) {
    if (message.role === 'user') {
      if (message.status === 'started') order.push(message);
      continue;
    }
    // Another message may wait between a turn and the one that goes on from its approvals.
    const turns = exchanges.get(message.message);
    if (turns) turns.push(message);
    else {
      const first = [message];
      exchanges.set(message.message, first);
      order.push(first);
    }
  }
  return [...order, ...waiting].map((each) =>
    'role' in each ? toUser(each) : toAssistant(state.session, each, version),
  );
}

function toUser({ message, ref, content }: SentMessage): UiMessage {
  return { id: ref ?? message, role: 'user', parts: toParts(content) };
}

function toParts(content: Content): readonly UiPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part) => {
    if (part.type === 'text') return { type: 'text', text: part.text };
    const { media_type: mediaType, data } = part;
    const filename = part.type === 'file' && part.name !== undefined ? { filename: part.name } : {};
    return { type: 'file', mediaType, url: `data:${mediaType};base64,${data}`, ...filename };
  });
}

function toAssistant(session: string, turns: readonly AgentMessage[], version: AiSdkVersion): UiMessage {
  const message = turns[0]?.message ?? '';
  const chunker = createChunker({ session, message });
  // The parts of messages know the answers to approvals since version 6, though its stream has no word for them.
  const write = createChunkWriter(version === 5 ? 5 : 7);
  const chunks = toEvents(turns).flatMap(chunker).flatMap(write);
  const built = buildMessage(toAssistantId(message), chunks);
  if (version !== 5) return built;
  // Version 5 goes on with such a part when it resumes, and would have the answer twice.
  const isBegun = (part: UiPart): boolean => 'state' in part && part.state === 'input-streaming';
  return { ...built, parts: built.parts.filter((part) => !isBegun(part)) };
}
