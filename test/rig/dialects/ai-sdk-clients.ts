// The clients of the AI SDK as drivers for the checks of `dialectContract`.
import { WorkflowChatTransport } from '@ai-sdk/workflow/client';
import * as ai7 from 'ai';
import type { ChatState, ChatTransport, UIMessage } from 'ai';
import * as ai5 from 'ai5';
import * as ai6 from 'ai6';
import { createChatTransport, toShownParts } from 'heddle/ai-sdk';
import type {
  DialectCheckName,
  DialectClient,
  DialectOracle,
  ShownExchange,
  ShownTool,
} from 'heddle/testing';

type Version = 5 | 6 | 7;
type SdkTransport = ChatTransport<UIMessage>;
type Place = Parameters<DialectOracle['open']>[0];

// The types of the three versions differ where it does not matter here.
const packages = { 5: ai5, 6: ai6, 7: ai7 } as unknown as Readonly<Record<Version, typeof ai7>>;

/** The state of a chat without a framework. */
class PlainState implements ChatState<UIMessage> {
  status: ChatState<UIMessage>['status'] = 'ready';
  error: Error | undefined = undefined;
  messages: UIMessage[];
  constructor(messages: UIMessage[]) {
    this.messages = messages;
  }
  pushMessage = (message: UIMessage): void => void (this.messages = [...this.messages, message]);
  popMessage = (): void => void (this.messages = this.messages.slice(0, -1));
  replaceMessage = (index: number, message: UIMessage): void =>
    void (this.messages = this.messages.with(index, this.snapshot(message)));
  snapshot = <Value>(value: Value): Value => structuredClone(value);
}

/** A client: how it reaches the server, and how its users stop an answer. */
interface AiSdkClientOptions {
  readonly name: string;
  readonly version: Version;
  createTransport(place: Place & { readonly headers: Readonly<Record<string, string>> }): SdkTransport;
  /** Whether an abort of the transport stops the answer. */
  readonly abortStops?: true;
  /** Returns the parts that the page shows. */
  toShown?(parts: UIMessage['parts']): UIMessage['parts'];
  readonly cannot?: DialectOracle['cannot'];
}

/** Creates the driver of a client. */
function createAiSdkOracle(options: AiSdkClientOptions): DialectOracle {
  const { name, cannot } = options;
  return { name, open: (place) => openPage(options, place), ...(cannot && { cannot }) };
}

/** Creates a chat of a version, without a framework. */
export function createPlainChat(
  version: Version,
  { id, messages, transport }: { id: string; messages: UIMessage[]; transport: SdkTransport },
): ai7.AbstractChat<UIMessage> {
  const sdk = packages[version];
  class PlainChat extends sdk.AbstractChat<UIMessage> {}
  return new PlainChat({
    id,
    state: new PlainState(messages),
    transport,
    ...(version > 5 && { sendAutomaticallyWhen: sdk.lastAssistantMessageIsCompleteWithApprovalResponses }),
  });
}

function openPage(
  { version, createTransport, abortStops, toShown = (parts) => parts }: AiSdkClientOptions,
  place: Place,
): DialectClient {
  const headers = { authorization: `Bearer ${place.owner}`, 'heddle-ai-sdk': String(version) };
  const chatUrl = `${place.url}/ai/${encodeURIComponent(place.thread)}`;
  const createChat = (messages: UIMessage[]): ai7.AbstractChat<UIMessage> =>
    createPlainChat(version, {
      id: place.thread,
      messages,
      transport: createTransport({ ...place, headers }),
    });
  let chat = createChat([]);
  const settle = async (): Promise<void> => {
    while (chat.status === 'submitted' || chat.status === 'streaming')
      await new Promise((resolve) => setTimeout(resolve, 5));
    if (chat.status === 'error') throw chat.error ?? new Error('The chat shows an error.');
  };
  return {
    async send(text) {
      await chat.sendMessage({ text });
      await settle();
    },
    async load() {
      const response = await fetch(chatUrl, { headers });
      chat = createChat((await response.json()) as UIMessage[]);
      await chat.resumeStream();
      await settle();
    },
    async answer(approved) {
      for (const { id } of toOpenApprovals(chat.messages))
        await chat.addToolApprovalResponse({ id, approved });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await settle();
    },
    async stop() {
      if (!abortStops) await fetch(`${chatUrl}/stop`, { method: 'POST', headers });
      await chat.stop();
    },
    async edit(text) {
      const messageId = chat.messages.findLast(({ role }) => role === 'user')?.id;
      await chat.sendMessage({ text, ...(messageId !== undefined && { messageId }) });
      await settle();
    },
    shown: () => toExchanges(chat.messages, toShown),
    // A page that is closed aborts nothing: its connections just end.
    close: () => {},
  };
}

function toOpenApprovals(messages: readonly UIMessage[]): readonly { readonly id: string }[] {
  return messages.flatMap(({ parts }) =>
    parts.flatMap((part) => ('state' in part && part.state === 'approval-requested' ? [part.approval] : [])),
  );
}

function toExchanges(
  messages: readonly UIMessage[],
  toShown: (parts: UIMessage['parts']) => UIMessage['parts'],
): readonly ShownExchange[] {
  const exchanges: ShownExchange[] = [];
  for (const message of messages) {
    const parts = toShown(message.parts);
    const textOf = (type: 'text' | 'reasoning'): string =>
      parts.map((part) => (part.type === type ? part.text : '')).join('');
    if (message.role === 'user') exchanges.push({ said: textOf('text'), text: '', reasoning: '', tools: [] });
    const last = exchanges.pop();
    if (last && message.role === 'assistant')
      exchanges.push({
        said: last.said,
        text: last.text + textOf('text'),
        reasoning: last.reasoning + textOf('reasoning'),
        tools: [...last.tools, ...parts.flatMap(toTool)],
      });
    else if (last) exchanges.push(last);
  }
  return exchanges;
}

function toTool(part: UIMessage['parts'][number]): readonly ShownTool[] {
  if (!part.type.startsWith('tool-') || !('toolCallId' in part)) return [];
  const status = statuses[part.state] ?? 'open';
  const shown = { tool: part.type.slice('tool-'.length), input: part.input, status };
  return [status === 'ok' ? { ...shown, output: part.output } : shown];
}

const statuses: Readonly<Record<string, ShownTool['status']>> = {
  'output-available': 'ok',
  'output-error': 'error',
  'output-denied': 'error',
  'approval-requested': 'waiting',
};

const noApprovals = 'The package has no approvals before version 6.';
const noWithdrawal = 'The package cannot take text back before version 7: `toShownParts` can.';
const stock: Readonly<Record<Version, DialectOracle['cannot']>> = {
  5: {
    approved: noApprovals,
    denied: noApprovals,
    'answered on another page': noApprovals,
    retracted: noWithdrawal,
    replaced: noWithdrawal,
  },
  6: { retracted: noWithdrawal, replaced: noWithdrawal },
  7: {},
};
const ours: Readonly<Record<Version, DialectOracle['cannot']>> = {
  5: { approved: noApprovals, denied: noApprovals, 'answered on another page': noApprovals },
  6: {},
  7: {},
};

/** The versions of the package. */
export const aiVersions = [5, 6, 7] as const;

/** Creates the transport that the package has by default. */
export function createDefaultTransport(
  version: Version,
  url: string,
  headers: Readonly<Record<string, string>>,
): SdkTransport {
  return new packages[version].DefaultChatTransport({ api: `${url}/ai`, headers });
}

/** The clients that the tests and the table of docs/ai-sdk.md are about. */
export const aiSdkOracles: readonly DialectOracle[] = [
  ...aiVersions.map((version) =>
    createAiSdkOracle({
      name: `ai ${version}, DefaultChatTransport`,
      version,
      createTransport: ({ url, headers }) => createDefaultTransport(version, url, headers),
      cannot: stock[version],
    }),
  ),
  ...aiVersions.map((version) =>
    createAiSdkOracle({
      name: `ai ${version}, heddle/ai-sdk`,
      version,
      createTransport: ({ url, headers }) =>
        createChatTransport({
          api: `${url}/ai`,
          headers: { authorization: headers['authorization'] ?? '' },
          version,
        }),
      abortStops: true,
      toShown: (parts) => [...toShownParts(parts)],
      cannot: ours[version],
    }),
  ),
  createAiSdkOracle({
    name: 'ai 7, WorkflowChatTransport',
    version: 7,
    createTransport: ({ url, thread, headers }) => {
      const api = `${url}/ai/${encodeURIComponent(thread)}`;
      return new WorkflowChatTransport({
        api,
        prepareSendMessagesRequest: ({ messages, trigger, messageId }) => ({
          headers,
          body: { messages, trigger, messageId },
        }),
        prepareReconnectToStreamRequest: ({ api: stream }) => ({ api: stream, headers }),
      }) as unknown as SdkTransport;
    },
  }),
];

/** The clients that go on by themselves after a cut. The pages of the others show an error, and are reloaded. */
export const goesOn: ReadonlySet<string> = new Set(
  aiSdkOracles.map(({ name }) => name).filter((name) => !name.endsWith('DefaultChatTransport')),
);

/** Returns whether a check cuts connections. */
export function isCut(check: DialectCheckName): boolean {
  return check.startsWith('cut') || check === 'taken over';
}
