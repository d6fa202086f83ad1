import { headers as names } from 'heddle';
import { isRecord, mint } from '../../src/protocol/internal.ts';
import { createParser } from 'heddle/wire';
import type { AnswerEnd } from './answer.ts';

/** A way to make answers resumable, with the requests and the view of its reader. */
export interface Contestant {
  readonly name: string;
  /** The program of its node, in this folder. */
  readonly program: string;
  /** Lets a model begin to answer on a node. Resolves with the first reader's request to that node. */
  begin(node: string, ending: AnswerEnd): Promise<ContestQuestion>;
  /** Returns the next request of a reader that has received these texts, one for each connection. */
  resume(asked: ContestQuestion, texts: readonly string[]): ContestQuestion;
  /** Returns what a reader shows after these texts. */
  show(texts: readonly string[]): ContestView;
}

export interface ContestQuestion {
  readonly path: string;
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
}

interface ContestView {
  readonly text: string;
  /** The end of the answer, if the stream reported it. */
  readonly told?: 'completed' | 'failed';
}

/** Sends a message to a session, and reads the session's log from the last id on. */
export const heddle: Contestant = {
  name: 'Heddle',
  program: 'heddle-node.ts',
  begin: async (node, ending) => {
    const created: unknown = await (await fetch(`${node}/session`, { method: 'POST' })).json();
    const session = isRecord(created) ? String(created['session_id']) : '';
    await fetch(`${node}/message/${session}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ content: ending }),
    });
    return { path: `/stream/${session}` };
  },
  resume: ({ path }, texts) => {
    const last = texts.reduce((found, text) => parse(text, found).last, '');
    return { path, headers: last === '' ? {} : { [names.lastEventId]: last } };
  },
  show: (texts) => {
    let shown: ContestView = { text: '' };
    for (const event of texts.flatMap((text) => parse(text).events)) {
      // If another node begins the answer again, it replaces the earlier text.
      if (event['type'] === 'message_start') shown = { text: '' };
      if (event['type'] === 'content') shown = { text: shown.text + String(event['data']) };
      if (event['type'] === 'message_end')
        shown = { ...shown, told: event['outcome'] === 'completed' ? 'completed' : 'failed' };
    }
    return shown;
  },
};

/** Creates a named stream, and reads it from a number of characters on. */
export const resumableStream: Contestant = {
  name: 'resumable-stream',
  program: 'resumable-stream-node.ts',
  begin: async (_, ending) => ({ method: 'POST', path: `/${mint(8)}?ending=${ending}` }),
  resume: ({ path }, texts) => ({
    path: `${path.split('?')[0]}?resumeAt=${texts.join('').length}`,
  }),
  show: (texts) => {
    let shown: ContestView = { text: '' };
    for (const { type, delta } of parse(texts.join('')).events) {
      if (type === 'text-delta') shown = { text: shown.text + String(delta) };
      if (type === 'finish') shown = { ...shown, told: 'completed' };
      if (type === 'error') shown = { ...shown, told: 'failed' };
    }
    return shown;
  },
};

interface Parsed {
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly last: string;
}

/** Returns the complete events of a connection, and the last id. */
function parse(text: string, lastEventId = ''): Parsed {
  const events: Record<string, unknown>[] = [];
  let last = lastEventId;
  const parser = createParser({
    onId: (id) => void (last = id),
    onFrame: ({ data }) => {
      const event: unknown = JSON.parse(data);
      if (isRecord(event)) events.push(event);
    },
  });
  parser.push(text);
  return { events, last };
}
