import { headers as names } from '../../../protocol/index.ts';
import { isRecord } from '../../../protocol/internal.ts';
import type { DialectRequest } from '../../dialect-route.ts';
import type { SendIntent, Show, ThreadName } from '../../intent.ts';
import { readFlag, refuseInput, refuseToolDemand } from '../read-fields.ts';
import { chatVariants } from './project.ts';
import { readMessages } from './read-messages.ts';
import { toCompletionReply } from './to-completion.ts';

/** The header that names a conversation which lasts. */
export const threadHeader = 'heddle-thread';

/**
 * Decodes `POST /v1/chat/completions`. The body has the whole conversation, so each request is a session of
 * its own. With the header `heddle-thread` the session has that name, and only the last message of the body
 * is new.
 */
export function decodeChat({ body, header }: DialectRequest, model: string): SendIntent {
  if ((body['n'] ?? 1) !== 1) throw refuseInput('"n" must be 1: the agent gives one answer.');
  refuseToolDemand(body);
  const { content, past, instructions } = readMessages(body['messages']);
  const name = header(threadHeader)?.trim();
  // All chats of a program that leaves its placeholder as it is would be one conversation.
  if (name && /^\{\{.*\}\}$/.test(name))
    throw refuseInput(`"${threadHeader}" is ${name}: its client has not put a name in place of it.`);
  const key = header(names.idempotencyKey);
  const once: ThreadName =
    key === undefined ? { type: 'new', once: true } : { type: 'keyed', key, once: true };
  return {
    type: 'send',
    thread: name ? { type: 'named', name } : once,
    // No client of a session without a name can come back to it.
    ...(!name && { unattended: true }),
    message: {
      content,
      ...(past.length > 0 && { past }),
      ...(instructions !== '' && { metadata: { instructions } }),
    },
    show: toShow(body, model),
  };
}

function toShow(body: DialectRequest['body'], model: string): Show {
  if (!readFlag(body, 'stream')) return { as: 'whole', reply: (found) => toCompletionReply(found, model) };
  const { stream_options: options } = body;
  const hasUsage = isRecord(options) && options['include_usage'] === true;
  return { as: 'stream', variant: hasUsage ? chatVariants.usage : chatVariants.plain };
}
