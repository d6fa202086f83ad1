import type { Content, ContentPart } from '../../../protocol/index.ts';
import { toConversation } from '../../kit/index.ts';
import type { ConversationMessage, StartLine } from '../../kit/index.ts';

/** One answer of a model, with the calls after it. */
export type ModelAnswer = Extract<ConversationMessage, { role: 'assistant' }>;

/** The way in which an API of models words the parts of a conversation. */
interface ModelWords {
  toPart(part: ContentPart): object;
  fromAnswer(answer: ModelAnswer): readonly object[];
}

/** Returns the conversation of a turn for a model, with its new message last. */
export function toModelMessages(
  { input, history }: Pick<StartLine, 'input' | 'history'>,
  { toPart, fromAnswer }: ModelWords,
): readonly object[] {
  const toUser = (content: Content): object => ({
    role: 'user',
    content: typeof content === 'string' ? content : content.map(toPart),
  });
  return [
    ...toConversation(history).flatMap((message) =>
      message.role === 'user' ? [toUser(message.content)] : fromAnswer(message),
    ),
    ...(input.type === 'message' ? [toUser(input.content)] : []),
  ];
}
