import type OpenAI from 'openai';
import type { DialectOracle } from 'heddle/testing';
import { createChatOracle } from './chat-page.ts';
import type { ChatClient, ChatDelta } from './chat-page.ts';
import { createOpenAi, openAiPackages } from './sdk-responses.ts';

function openChat(client: OpenAI, thread: string): ChatClient {
  return {
    async *send(text, onSession): AsyncGenerator<ChatDelta> {
      const { data, response } = await client.chat.completions
        .create(
          { model: 'heddle', stream: true, messages: [{ role: 'user', content: text }] },
          { headers: { 'heddle-thread': thread } },
        )
        .withResponse();
      onSession(response.headers.get('heddle-session') ?? '');
      for await (const { choices } of data)
        for (const { delta, finish_reason: finish } of choices) {
          // The field is not OpenAI's, and the package hands it on.
          const { reasoning_content: reasoning } = delta as { readonly reasoning_content?: string };
          yield { content: delta.content, reasoning, finish };
        }
    },
  };
}

/** The package's clients of Chat Completions. */
export const sdkChats: readonly DialectOracle[] = Object.entries(openAiPackages).map(([version, Package]) =>
  createChatOracle(`openai ${version}, chat.completions`, ({ url, owner, thread }) =>
    openChat(createOpenAi(Package, url, owner), thread),
  ),
);
