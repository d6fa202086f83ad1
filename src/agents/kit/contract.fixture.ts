import { expect, test } from 'vitest';
import { withOpen } from '../../protocol/internal.ts';
import type { Agent, AgentEvent } from '../../protocol/index.ts';
import { approvalChecks } from './contract-approvals.fixture.ts';
import { memoryChecks } from './contract-memory.fixture.ts';
import type { AgentCheck } from './contract-stage.fixture.ts';
import { textChecks } from './contract-text.fixture.ts';
import { gateCheck, toolChecks } from './contract-tools.fixture.ts';
import { createQueue } from './create-queue.ts';
import type { Oracle } from './oracle.fixture.ts';

/** The behaviour of every adapter, as checks. Each runs the adapter under the engine. */
const agentContract: readonly AgentCheck[] = [
  ...textChecks,
  ...toolChecks,
  ...memoryChecks,
  ...approvalChecks,
];

/**
 * Declares the tests of the contract for an adapter. A check that the adapter cannot pass is a test too: it
 * must fail, so that its sentence is not out of date. The last test takes the gate away, and the check of the
 * gate must then fail.
 */
export function testContract(oracle: Oracle): void {
  const { cannot = {} } = oracle;
  for (const { name, run } of agentContract) {
    const why = cannot[name];
    if (why === undefined) test(name, () => run(oracle));
    else test(`not here: ${name}. ${why}`, () => expect(run(oracle)).rejects.toThrow());
  }
  test('each check that the adapter cannot pass is one of the contract', () => {
    expect(agentContract.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(cannot)));
  });
  if (cannot[gateCheck.name] === undefined)
    test(`an agent that runs ahead of the log fails: ${gateCheck.name}`, () =>
      expect(gateCheck.run(withoutGate(oracle))).rejects.toThrow(/to deeply equal/));
}

/** Returns an oracle whose agents are pulled ahead of the engine, as if each event were in the log at once. */
function withoutGate(oracle: Oracle): Oracle {
  return {
    ...oracle,
    stage(script) {
      const { agent, given } = oracle.stage(script);
      return { agent: runAhead(agent), given };
    },
  };
}

function runAhead(agent: Agent): Agent {
  return withOpen(agent, (session) => {
    const answer = agent.open(session);
    return (turn) => {
      const queue = createQueue<AgentEvent>();
      const pull = async (): Promise<void> => {
        for await (const event of answer(turn)) queue.push(event);
      };
      void pull().then(queue.end, queue.fail);
      return queue;
    };
  });
}
