import type { Line, Oracle, Script as AgentScript } from '../../../src/agents/kit/oracle.fixture.ts';
import { toText } from '../../../src/protocol/index.ts';
import type { Turn } from '../../../src/protocol/index.ts';
import { toScript } from '../scripted-agent.ts';
import type { ScriptedAgentOptions } from '../scripted-agent.ts';
import type { WorldAgent } from './world.ts';

/**
 * Returns an agent of a vendor's library for a world: for each turn the oracle stages an agent, whose model
 * follows the script of the turn's message. So all that the library does between its model, its tools and its
 * reader happens in the world.
 */
export function stageFor(oracle: Pick<Oracle, 'stage'>): WorldAgent {
  return (options) => ({
    open: (session) => (turn) => oracle.stage(toAgentScript(turn, options)).agent.open(session)(turn),
  });
}

function toAgentScript(turn: Turn, { padding = () => '', pause, effect }: ScriptedAgentOptions): AgentScript {
  const { words, tool, end } = toScript(toText(turn.input.content));
  const tools: AgentScript['tools'] = [
    {
      name: 'effect',
      async *run() {
        yield 'begun';
        await effect(turn);
        await pause(turn);
        return 'done';
      },
    },
    {
      name: 'confirm',
      asks: 'to be sure',
      // oxlint-disable-next-line require-yield
      async *run() {
        await pause(turn);
        return 'confirmed';
      },
    },
  ];
  if (turn.input.type === 'answers') return { tools, answers: [[{ text: 'answered ' }]] };
  const spoken = Array.from({ length: words }, (_, word): Line => ({ text: `word ${word} ${padding()}` }));
  const ending: Readonly<Record<typeof end, readonly Line[]>> = {
    well: [],
    repeats: [],
    throws: [{ fail: 'odd', words: 'The script wants it so.' }],
    waits: [{ hang: true }],
    asks: [{ tool: 'confirm', id: 'call-1' }],
  };
  const first: readonly Line[] = tool ? [...spoken, { tool: 'effect', id: 'call-0' }] : spoken;
  return {
    tools,
    answers: [
      ...(end === 'repeats' ? [[...spoken, { broken: true } as const]] : []),
      ...(tool ? [first, [{ text: 'afterwards ' }, ...ending[end]]] : [[...first, ...ending[end]]]),
    ],
  };
}
