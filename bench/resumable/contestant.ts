import { headers as names } from 'heddle';
import { isRecord, mint } from '../../src/protocol/internal.ts';
import { createParser } from 'heddle/wire';
import type { AnswerEnd } from './answer.ts';

/** A way to make answers resumable, and its reader: what is asked for, and what is made of all that came. */
export interface Contestant {
  readonly name: string;
  /** Its node's program, in this folder. */
  readonly program: string;
  /** Has a model begin to answer on a node. Resolves with what the first reader asks that node for. */
  begin(node: string, ending: AnswerEnd): Promise<ContestQuestion>;
  /** What a reader asks for that has received these texts so far, one for each connection. */
  resume(asked: ContestQuestion, texts: readonly string[]): ContestQuestion;
  /** What a reader shows who has received them. */
  show(texts: readonly string[]): ContestView;
}

export interface ContestQuestion {
  readonly path: string;
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
}

interface ContestView {
  readonly text: string;
  /** What it was told about the end of the answer. */
  readonly told?: 'completed' | 'failed';
}

/** A message of a session, and its log from the last id on. */
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
      // An answer that another node begins again takes the place of what was said.
      if (event['type'] === 'message_start') shown = { text: '' };
      if (event['type'] === 'content') shown = { text: shown.text + String(event['data']) };
      if (event['type'] === 'message_end')
        shown = { ...shown, told: event['outcome'] === 'completed' ? 'completed' : 'failed' };
    }
    return shown;
  },
};

/** A stream of a name, and its characters from so many on. */
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

/** The whole events of a connection, and the last id. */
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
