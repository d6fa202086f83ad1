import { HumanMessage } from '@langchain/core/messages';
import type { AIMessageChunk } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import type { DialectClient, DialectOracle, ShownTool } from 'heddle/testing';
import { cannotLoad, createChatOracle } from './chat-page.ts';
import type { ChatDelta } from './chat-page.ts';
import { toShownTool } from './response-page.ts';

type Place = Parameters<DialectOracle['open']>[0];
type ChatOptions = NonNullable<ConstructorParameters<typeof ChatOpenAI>[0]>;

/** Creates a chat model of LangChain. It repeats no request by itself, so that each failure is seen. */
function createChatOpenAi({ url, owner }: Pick<Place, 'url' | 'owner'>, options: ChatOptions): ChatOpenAI {
  const { configuration, ...others } = options;
  return new ChatOpenAI({
    model: 'heddle',
    apiKey: owner,
    maxRetries: 0,
    ...others,
    configuration: { baseURL: `${url}/v1`, logLevel: 'off', ...configuration },
  });
}

const version = '@langchain/openai 1.6.0';

/** `ChatOpenAI` over Chat Completions. */
const chat = createChatOracle(`${version}, ChatOpenAI`, (place) => ({
  async *send(text, onSession): AsyncGenerator<ChatDelta> {
    const watched: typeof fetch = async (...request) => {
      const response = await fetch(...request);
      onSession(response.headers.get('heddle-session') ?? '');
      return response;
    };
    const model = createChatOpenAi(place, {
      configuration: { defaultHeaders: { 'heddle-thread': place.thread }, fetch: watched },
    });
    for await (const chunk of await model.stream([new HumanMessage(text)])) {
      const { finish_reason: finish } = chunk.response_metadata as { finish_reason?: string };
      const { reasoning_content: reasoning } = chunk.additional_kwargs as { reasoning_content?: string };
      yield { content: chunk.text, reasoning, finish };
    }
  },
}));

const noLoad = 'LangChain has no request that loads a response, or reads on in one.';

/** `ChatOpenAI` over Responses. */
const responses: DialectOracle = {
  name: `${version}, useResponsesApi`,
  cannot: { ...cannotLoad(noLoad), retracted: noLoad, replaced: noLoad },
  open: openPage,
};

interface Row {
  readonly said: string;
  text: string;
  reasoning: string;
  tools: readonly ShownTool[];
}

function openPage(place: Place): DialectClient {
  const { url, owner, thread } = place;
  const model = createChatOpenAi(place, { useResponsesApi: true, modelKwargs: { conversation: thread } });
  const rows: Row[] = [];
  let id: string | undefined;
  let asked: readonly ResponseOutputItem.McpApprovalRequest[] = [];
  const see = (row: Row, chunk: AIMessageChunk): boolean => {
    const { id: found = id, status } = chunk.response_metadata as { id?: string; status?: string };
    const { reasoning, tool_outputs: items = [] } = chunk.additional_kwargs as {
      reasoning?: { summary?: { text: string }[] };
      tool_outputs?: ResponseOutputItem[];
    };
    id = found;
    // The last chunk repeats the items, without new text.
    row.text += status === undefined ? chunk.text : '';
    if (status === undefined) row.reasoning += reasoning?.summary?.map((part) => part.text).join('') ?? '';
    for (const item of status === undefined ? items : []) {
      if (item.type === 'mcp_approval_request') asked = [...asked, item];
      if (item.type === 'mcp_call' && item.status !== 'incomplete')
        row.tools = [...row.tools.filter((tool) => tool.status !== 'waiting'), toShownTool(item)];
      if (item.type === 'mcp_approval_request')
        row.tools = [
          ...row.tools,
          { tool: item.name, input: JSON.parse(item.arguments) as unknown, status: 'waiting' },
        ];
    }
    return status !== undefined;
  };
  const run = async (row: Row, message: HumanMessage, more: object = {}): Promise<void> => {
    let isOver = false;
    for await (const chunk of await model.stream([message], more)) isOver = see(row, chunk) || isOver;
    // LangChain takes a stream that just ends for success.
    if (!isOver) throw new Error('The stream has ended before its response.');
  };
  const cannotDo = (): Promise<never> => Promise.reject(new Error(noLoad));
  return {
    send(text) {
      const row: Row = { said: text, text: '', reasoning: '', tools: [] };
      rows.push(row);
      asked = [];
      return run(row, new HumanMessage(text));
    },
    async answer(approve) {
      const row = rows.at(-1);
      if (row === undefined) throw new Error('Nothing is asked.');
      const content = asked.map((item) => ({
        type: 'mcp_approval_response',
        approval_request_id: item.id,
        approve,
      }));
      asked = [];
      await run(row, new HumanMessage({ content }));
    },
    load: cannotDo,
    edit: cannotDo,
    stop: async () =>
      void (await fetch(`${url}/v1/responses/${id}/cancel`, {
        method: 'POST',
        headers: { authorization: `Bearer ${owner}` },
      })),
    shown: () => rows,
    close: () => {},
  };
}

/** The chat models of LangChain. */
export const langChain: readonly DialectOracle[] = [chat, responses];
