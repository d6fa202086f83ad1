import { expect } from 'vitest';
import { callsOf, createNotingTool, textOfMessage, withStage } from './contract-stage.fixture.ts';
import type { AgentCheck, Stage } from './contract-stage.fixture.ts';
import type { Line, Script } from './oracle.fixture.ts';

const pay: readonly Line[] = [{ tool: 'pay', id: 'call_0', input: { sum: 5 } }];

/** Creates a check of an agent whose tool `pay` asks for an approval. */
function createApprovalCheck(
  name: string,
  answers: Script['answers'],
  play: (
    stage: Stage,
    facts: { readonly runs: readonly unknown[]; readonly script: Script },
  ) => Promise<void>,
): AgentCheck {
  return {
    name,
    async run(oracle) {
      const runs: unknown[] = [];
      const script = { answers, tools: [createNotingTool('pay', 'paid', runs, 'Pay 5?')] };
      await withStage(oracle, script, (stage) => play(stage, { runs, script }));
    },
  };
}

/** Checks of approvals. */
export const approvalChecks: readonly AgentCheck[] = [
  createApprovalCheck(
    'a call that needs an approval waits, and runs once when another process gets the approval',
    [[{ text: 'I pay.' }, ...pay], [{ text: 'Paid.' }]],
    async ({ send, ended, approvals, answer, restart }, { runs, script }) => {
      await send('Pay');
      const asking = await ended(1);
      expect(asking.outcome).toBe('waiting');
      expect(runs).toEqual([]);
      const [approval, ...others] = await approvals();
      expect(others).toEqual([]);
      expect(approval?.call).toBe(callsOf(asking)[0]?.call);
      expect(JSON.stringify(approval?.reason)).toContain('Pay 5?');
      await restart({ ...script, answers: script.answers.slice(1) });
      await answer(approval, true);
      const message = await ended(2);
      expect(message).toMatchObject({ outcome: 'completed', resumes: asking.turn });
      expect(runs).toEqual([{ sum: 5 }]);
      expect(callsOf(message)).toMatchObject([
        { tool: 'pay', input: { sum: 5 }, output: 'paid', status: 'ok' },
      ]);
      expect(textOfMessage(message)).toBe('Paid.');
    },
  ),

  createApprovalCheck(
    'a call that is denied does not run, and the model is told the reason',
    [pay, [{ text: 'I see.' }]],
    async ({ send, ended, approvals, answer, given }, { runs }) => {
      await send('Pay');
      await ended(1);
      await answer((await approvals())[0], { approved: false, reason: 'Too much.' });
      const message = await ended(2);
      expect(message.outcome).toBe('completed');
      expect(textOfMessage(message)).toBe('I see.');
      expect(runs).toEqual([]);
      expect(given().find(({ role }) => role === 'tool')?.text).toContain('Too much.');
    },
  ),

  createApprovalCheck(
    'a message in place of the answer closes the call with a result, and the conversation goes on',
    [pay, [{ text: 'All right.' }]],
    async ({ send, ended, given }, { runs }) => {
      await send('Pay');
      await ended(1);
      await send('Never mind', 'interrupt');
      expect(textOfMessage(await ended(2))).toBe('All right.');
      expect(runs).toEqual([]);
      const roles = given().map(({ role }) => role);
      expect(roles.filter((role) => role === 'tool')).toHaveLength(1);
      expect(given().at(-1)).toEqual({ role: 'user', text: 'Never mind' });
    },
  ),

  createApprovalCheck(
    'an approval for a call of the same name in a later turn has another name',
    [pay, [{ text: 'Paid.' }], pay],
    async ({ send, ended, approvals, answer }, { runs }) => {
      await send('Pay');
      await ended(1);
      const [first] = await approvals();
      await answer(first, true);
      await ended(2);
      await send('Again');
      await ended(3);
      const [second] = await approvals();
      expect(second?.approval).not.toBe(first?.approval);
      for (const approval of [first, second]) expect(approval?.approval).toMatch(/^a_\w{16}$/);
      expect(runs).toHaveLength(1);
    },
  ),
];
