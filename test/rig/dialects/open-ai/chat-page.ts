// A page of an app over Chat Completions. It names its conversation with the header `heddle-thread`.
import type { DialectClient, DialectOracle } from 'heddle/testing';

/** The part of a chunk that an app reads. */
export interface ChatDelta {
  readonly content?: string | null | undefined;
  readonly reasoning?: string | undefined;
  readonly finish?: string | null | undefined;
}

/** A client of Chat Completions. Its streams throw if they break, and if the server reports an error. */
export interface ChatClient {
  /** `onSession` gets the id of Heddle's session, if the client shows headers. */
  send(text: string, onSession: (session: string) => void): AsyncIterable<ChatDelta>;
  close?(): void;
}

type Place = Parameters<DialectOracle['open']>[0];

const noLoad = 'Chat Completions cannot load a conversation, nor read on in one.';
const noTools = 'Chat Completions does not show the tools that an agent runs itself, and has no approvals.';
const keepsText = 'Chat Completions cannot take text back.';

/**
 * Returns the checks that a client cannot pass that loads no answer and reads on in none, with the reason.
 */
export function cannotLoad(why: string): NonNullable<DialectOracle['cannot']> {
  return {
    dismissed: why,
    'answered on another page': why,
    'loaded as streamed': why,
    'two pages': why,
    queue: why,
    edit: why,
    'two owners': why,
    'cut by resets': why,
    'cut by clean ends': why,
    'taken over': why,
  };
}

/** The checks that no client of Chat Completions can pass. */
const chatCannot: NonNullable<DialectOracle['cannot']> = {
  tool: noTools,
  'failed tool': noTools,
  approved: noTools,
  denied: noTools,
  ...cannotLoad(noLoad),
  retracted: keepsText,
  replaced: keepsText,
};

/** Creates the driver of a client. */
export function createChatOracle(
  name: string,
  open: (place: Place) => ChatClient | Promise<ChatClient>,
  cannot: DialectOracle['cannot'] = {},
): DialectOracle {
  return {
    name,
    cannot: { ...chatCannot, ...cannot },
    open: async (place) => openPage(await open(place), place),
  };
}

function openPage(client: ChatClient, { url, owner }: Place): DialectClient {
  const rows: { said: string; text: string; reasoning: string }[] = [];
  let session = '';
  const send = async (said: string): Promise<void> => {
    const row = { said, text: '', reasoning: '' };
    rows.push(row);
    let finish: string | null | undefined;
    for await (const delta of client.send(said, (found) => (session = found))) {
      // Between two parts of an answer is a blank line.
      row.text += delta.content?.replace(/^\n\n/, '') ?? '';
      row.reasoning += delta.reasoning ?? '';
      finish = delta.finish ?? finish;
    }
    // The clients take a stream that just ends for success.
    if (typeof finish !== 'string') throw new Error('The stream has ended before its answer.');
  };
  const cannotDo = (): Promise<never> => Promise.reject(new Error('There is no request for this.'));
  return {
    send,
    load: cannotDo,
    answer: cannotDo,
    edit: cannotDo,
    // Heddle's own route. A client that goes away stops nothing.
    stop: async () =>
      void (await fetch(`${url}/cancel/${session}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${owner}` },
      })),
    shown: () => rows.map((row) => ({ ...row, tools: [] })),
    close: () => client.close?.(),
  };
}
