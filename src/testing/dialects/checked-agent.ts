import { setTimeout as delay } from 'node:timers/promises';
import { defineAgent, toText } from '../../protocol/index.ts';
import type { Agent, AgentEvent, Turn } from '../../protocol/index.ts';

/** An agent that does what its message says, and counts how often it was asked. */
export interface CheckedAgent {
  readonly agent: Agent;
  /** Returns how many turns began with this message, attempts after a crash included. */
  asked(text: string): number;
  /** Returns how many turns were cancelled. */
  readonly cancelled: number;
}

/** The tool of the checks, its input and its output. */
export const checkedTool = { tool: 'add', input: { a: 1, b: 2 }, output: { sum: 3 } } as const;

/** The words that `count <n>` makes the agent say. */
export function toCounted(count: number): string {
  return Array.from({ length: count }, (_, index) => `word-${index + 1} `).join('');
}

/** Creates the agent. Its words are in `answers`; any other message is said back. */
export function createCheckedAgent(): CheckedAgent {
  const asked = new Map<string, number>();
  let cancelled = 0;
  async function* answer(turn: Turn): AsyncGenerator<AgentEvent, void, void> {
    const text = toText(turn.input.content);
    if (turn.input.type === 'message') asked.set(text, (asked.get(text) ?? 0) + 1);
    const [name = '', count = ''] = text.split(' ');
    const how = answers[name] ?? sayBack;
    turn.signal.addEventListener('abort', () => (cancelled += 1));
    yield* how(turn, Number(count));
  }
  return {
    agent: defineAgent({ open: () => answer, onCrash: 'retry' }),
    asked: (text) => asked.get(text) ?? 0,
    get cancelled() {
      return cancelled;
    },
  };
}

type Answer = (turn: Turn, count: number) => AsyncIterable<AgentEvent>;

async function* sayBack({ input }: Turn): AsyncGenerator<AgentEvent> {
  for (const word of toText(input.content).split(' ')) yield `${word}.`;
}

/** The agent's answers, by the first word of its message. */
const answers: Readonly<Record<string, Answer>> = {
  /** Says words slowly enough to be cut in between. */
  async *count({ signal }, count) {
    for (let index = 1; index <= count && !signal.aborted; index += 1) {
      yield `word-${index} `;
      await delay(5);
    }
  },
  /** Stops in the middle of its first attempt, until that is over. */
  async *hold({ signal, attempt }, count) {
    for (let index = 1; index <= count && !signal.aborted; index += 1) {
      yield `word-${index} `;
      while (attempt === 1 && index === count / 2 && !signal.aborted) await delay(5);
    }
  },
  async *think() {
    yield { type: 'reasoning', data: 'Let me ' };
    yield { type: 'reasoning', data: 'think.' };
    yield 'Done.';
  },
  async *use() {
    const { tool, input, output } = checkedTool;
    yield 'Adding. ';
    yield { type: 'tool_use', call: 'c1', tool, input };
    yield { type: 'tool_result', call: 'c1', output };
    yield 'Added.';
  },
  async *misuse() {
    const { tool, input } = checkedTool;
    yield { type: 'tool_use', call: 'c1', tool, input };
    yield { type: 'tool_result', call: 'c1', output: 'It broke.', status: 'error' };
    yield 'Sorry.';
  },
  async *ask({ turn, input: asked }) {
    const { tool, input, output } = checkedTool;
    if (asked.type === 'message') {
      yield 'May I? ';
      yield { type: 'tool_use', call: `c-${turn}`, tool, input };
      yield { type: 'approval_request', approval: turn, call: `c-${turn}`, reason: 'It costs money.' };
      return;
    }
    const call = `c-${asked.resumes}`;
    yield { type: 'tool_use', call, tool, input };
    if (asked.answers[0]?.decision === true) {
      yield { type: 'tool_result', call, output };
      yield 'Thank you.';
    } else {
      yield { type: 'tool_result', call, output: 'denied', status: 'error' };
      yield 'As you wish.';
    }
  },
  async *fail() {
    yield 'This will ';
    throw new Error('The check wants it so.');
  },
  async *hang({ signal }) {
    yield 'Waiting';
    while (!signal.aborted) await delay(5);
  },
  async *retract() {
    yield { type: 'step_start' };
    yield { type: 'content_start', part: 'wrong' };
    yield { type: 'content', part: 'wrong', data: 'Wrong.' };
    await delay(60);
    yield { type: 'discard', parts: ['wrong'] };
    yield { type: 'content_start', part: 'right' };
    yield { type: 'content', part: 'right', data: 'Right.' };
  },
  async *replace() {
    yield { type: 'content_start', part: 'draft' };
    yield { type: 'content', part: 'draft', data: 'A secret.' };
    await delay(60);
    yield { type: 'replace', part: 'draft', data: 'A word.' };
  },
};
