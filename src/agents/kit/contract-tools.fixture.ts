import { once } from 'node:events';
import { expect } from 'vitest';
import { slowStore } from '../../turns/slow-store.fixture.ts';
import {
  callsOf,
  createAgentCheck,
  createNotingTool,
  textOfMessage,
  withStage,
} from './contract-stage.fixture.ts';
import type { AgentCheck, Stage } from './contract-stage.fixture.ts';

/**
 * The check of the gate. An agent whose tools run ahead of the log fails it: `testContract` runs it with such an
 * agent too.
 */
export const gateCheck: AgentCheck = {
  name: 'a tool runs only when its call can be read from the log',
  async run(oracle) {
    const seen: (readonly unknown[])[] = [];
    let stage: Stage | undefined;
    const look = {
      name: 'look',
      // oxlint-disable-next-line require-yield
      async *run(input: unknown) {
        const calls = (await stage?.events())?.flatMap((event) =>
          event.type === 'tool_use' ? [event.input] : [],
        );
        seen.push([input, calls]);
        return 'seen';
      },
    };
    const call = (n: number) => [{ tool: 'look', id: 'call_0', input: { n } }];
    const script = { answers: [call(1), call(2), [{ text: 'Done.' }]], tools: [look] };
    const play = async (played: Stage): Promise<void> => {
      stage = played;
      await played.send('Look twice');
      expect(await played.ended(1)).toMatchObject({ outcome: 'completed' });
      expect(seen).toEqual([
        [{ n: 1 }, [{ n: 1 }]],
        [{ n: 2 }, [{ n: 1 }, { n: 2 }]],
      ]);
    };
    await withStage(oracle, script, play, { openStore: slowStore });
  },
};

/** Checks of tool calls. */
export const toolChecks: readonly AgentCheck[] = [
  gateCheck,

  createAgentCheck(
    'a tool is told with its input, progress and result',
    {
      answers: [[{ tool: 'crawl', id: 'c1', input: { site: 'x' } }], [{ text: 'Done.' }]],
      tools: [
        {
          name: 'crawl',
          async *run() {
            yield 'page 1';
            yield 'page 2';
            return 'two pages';
          },
        },
      ],
    },
    async ({ send, ended, events }) => {
      await send('Crawl');
      expect(callsOf(await ended(1))).toMatchObject([
        { tool: 'crawl', input: { site: 'x' }, output: 'two pages', status: 'ok' },
      ]);
      const progress = (await events()).flatMap((event) =>
        event.type === 'tool_progress' ? [event.data] : [],
      );
      expect(progress).toEqual(['page 1', 'page 2']);
    },
  ),

  createAgentCheck(
    'a tool that fails ends its call with an error, and the turn goes on',
    {
      answers: [[{ tool: 'breaks', id: 'c1' }], [{ text: 'Sorry.' }]],
      tools: [
        {
          name: 'breaks',
          // oxlint-disable-next-line require-yield
          async *run() {
            throw new Error('out of order');
          },
        },
      ],
    },
    async ({ send, ended }) => {
      await send('Try');
      const message = await ended(1);
      expect(callsOf(message)).toMatchObject([{ status: 'error' }]);
      expect(textOfMessage(message)).toBe('Sorry.');
      expect(message.outcome).toBe('completed');
    },
  ),

  createAgentCheck(
    'calls to which the vendor gives one name are two calls',
    {
      answers: [[{ tool: 'one', id: 'call_0' }], [{ tool: 'other', id: 'call_0' }], [{ text: 'Done.' }]],
      tools: [createNotingTool('one', 'first'), createNotingTool('other', 'second')],
    },
    async ({ send, ended }) => {
      await send('Twice');
      const calls = callsOf(await ended(1));
      expect(calls).toMatchObject([
        { tool: 'one', output: 'first' },
        { tool: 'other', output: 'second' },
      ]);
      expect(calls[0]?.call).not.toBe(calls[1]?.call);
    },
  ),

  createAgentCheck(
    'a cancel in a tool ends the call and the turn',
    {
      answers: [[{ tool: 'waits', id: 'c1' }], [{ text: 'Never said.' }]],
      tools: [
        {
          name: 'waits',
          async *run(_input, signal) {
            yield 'waits';
            if (!signal.aborted) await once(signal, 'abort');
            throw new Error('stopped');
          },
        },
      ],
    },
    async ({ send, cancel, seen, ended }) => {
      await send('Wait');
      await seen(({ type }) => type === 'tool_use');
      await seen(({ type }) => type === 'tool_progress');
      await cancel();
      const message = await ended(1);
      expect(message).toMatchObject({ outcome: 'cancelled' });
      expect(callsOf(message)).toMatchObject([{ status: 'cancelled' }]);
      expect(textOfMessage(message)).toBe('');
    },
  ),
];
