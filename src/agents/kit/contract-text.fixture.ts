import { expect } from 'vitest';
import { createAgentCheck, createNotingTool, textOfMessage } from './contract-stage.fixture.ts';
import type { AgentCheck } from './contract-stage.fixture.ts';

/** Checks of what an agent says, and of how a turn ends. */
export const textChecks: readonly AgentCheck[] = [
  createAgentCheck(
    'text comes in order, each answer of the model in a step of its own',
    {
      answers: [
        [{ text: 'Let me look.' }, { tool: 'look', id: 'c1' }],
        [{ text: 'It is ' }, { text: 'green.' }],
      ],
      tools: [createNotingTool('look', 'green')],
    },
    async ({ send, ended, events }) => {
      await send('What is it?');
      expect(textOfMessage(await ended(1))).toBe('Let me look.It is green.');
      const said = await events();
      const [start, second] = ['step_start', 'content'].map((type) =>
        said.findLastIndex((event) => event.type === type),
      );
      expect(said.filter(({ type }) => type === 'step_start')).toHaveLength(2);
      expect(said.filter(({ type }) => type === 'step_end')).toHaveLength(2);
      expect(start).toBeLessThan(second ?? 0);
      expect(start).toBeGreaterThan(said.findIndex(({ type }) => type === 'tool_result'));
    },
  ),

  createAgentCheck(
    'reasoning is apart from text',
    { answers: [[{ reasoning: 'They greet.' }, { text: 'Hello.' }]] },
    async ({ send, ended }) => {
      await send('Hi');
      expect((await ended(1)).parts).toMatchObject([
        { type: 'reasoning', text: 'They greet.' },
        { type: 'text', text: 'Hello.' },
      ]);
    },
  ),

  createAgentCheck(
    'usage is added up over the answers of a turn',
    {
      answers: [
        [{ tool: 'look', id: 'c1' }, { usage: [10, 5] }],
        [{ text: 'Done.' }, { usage: [20, 4] }],
      ],
      tools: [createNotingTool('look', 'green')],
    },
    async ({ send, ended }) => {
      await send('Look');
      expect((await ended(1)).usage).toMatchObject({ input_tokens: 30, output_tokens: 9 });
    },
  ),

  createAgentCheck(
    'an answer that is tried again leaves one text',
    { answers: [[{ text: 'The answer is' }, { broken: true }], [{ text: 'The answer is 42.' }]] },
    async ({ send, ended }) => {
      await send('Well?');
      const { parts, outcome } = await ended(1);
      expect(outcome).toBe('completed');
      expect(parts).toMatchObject([{ type: 'text', text: 'The answer is 42.' }]);
    },
  ),

  {
    name: 'a busy model fails the turn with its code, and with no word of the vendor',
    async run(oracle) {
      const script = { answers: [[{ text: 'Half' }, { fail: 'busy', words: 'sk-secret' }]] } as const;
      await createAgentCheck('', script, async ({ send, ended, events }) => {
        await send('Hi');
        expect(await ended(1)).toMatchObject({ outcome: 'failed', error: { code: oracle.busy } });
        expect(JSON.stringify(await events())).not.toContain('sk-secret');
      }).run(oracle);
    },
  },

  createAgentCheck(
    'a failure without a name fails the turn, with no word of the vendor',
    { answers: [[{ fail: 'odd', words: 'sk-secret' }]] },
    async ({ send, ended, events }) => {
      await send('Hi');
      expect(await ended(1)).toMatchObject({ outcome: 'failed' });
      expect(JSON.stringify(await events())).not.toContain('sk-secret');
    },
  ),

  createAgentCheck(
    'a cancel in mid-text ends the turn, keeps what was said, and the next prompt has it',
    { answers: [[{ text: 'One two ' }, { hang: true }], [{ text: 'Three.' }]] },
    async ({ send, cancel, ended, seen, given }) => {
      await send('Count');
      await seen(({ type }) => type === 'content');
      await seen((event) => event.type === 'content' && event.data.includes('two'));
      await cancel();
      const { outcome, ...message } = await ended(1);
      expect(outcome).toBe('cancelled');
      expect(textOfMessage(message)).toBe('One two ');
      await send('Go on');
      expect(textOfMessage(await ended(2))).toBe('Three.');
      expect(given().map(({ role, text }) => [role, text.trim()])).toEqual([
        ['user', 'Count'],
        ['assistant', 'One two'],
        ['user', 'Go on'],
      ]);
    },
  ),
];
