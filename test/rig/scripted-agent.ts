import { once } from 'node:events';
import { defineAgent, toText } from '../../src/protocol/index.ts';
import { isRecord } from '../../src/protocol/internal.ts';
import type { Agent, AgentEvent, Turn } from '../../src/protocol/index.ts';

/** What a turn does; its message carries it as JSON, so that whoever posts decides. */
export interface Script {
  readonly words: number;
  /** Calls a tool with an effect on the world after the words. */
  readonly tool: boolean;
  /** `waits`: until it is stopped. `repeats`: withdraws its words and says them again, as after a retried model call. `asks`: for an approval. */
  readonly end: 'well' | 'throws' | 'waits' | 'repeats' | 'asks';
  /** Tells messages apart that do the same. */
  readonly name: string;
}

export interface ScriptedAgentOptions {
  /** Said with each word, to have more to say. */
  readonly padding?: string;
  /** Passes time between two words. */
  readonly pause: (turn: Turn) => Promise<void>;
  /** Has the tool's effect. */
  readonly effect: (turn: Turn) => void | Promise<void>;
}

/** An agent that does what the message says. */
export function createScriptedAgent({ padding = '', pause, effect }: ScriptedAgentOptions): Agent {
  async function* speak(turn: Turn): AsyncGenerator<AgentEvent, void, void> {
    const { words, tool, end } = toScript(toText(turn.input.content));
    const { signal, input } = turn;
    if (input.type === 'answers') {
      await pause(turn);
      yield `answered ${input.answers.length} `;
      return;
    }
    for (let round = end === 'repeats' ? 0 : 1; round < 2; round += 1) {
      yield { type: 'step_start' };
      for (let word = 1; word <= words; word += 1) {
        await pause(turn);
        if (signal.aborted) return;
        yield `word ${word} of ${words} ${padding}`;
      }
      if (round === 0) yield { type: 'discard' };
    }
    if (tool) {
      yield { type: 'tool_use', call: `call-${turn.attempt}`, tool: 'effect', input: { words } };
      if (signal.aborted) return;
      await effect(turn);
      await pause(turn);
      yield { type: 'tool_result', call: `call-${turn.attempt}`, output: 'done' };
      yield 'afterwards ';
    }
    if (end === 'asks') yield { type: 'approval_request', approval: `of-${turn.turn}`, reason: 'to be sure' };
    if (end === 'throws') throw new Error('The script wants it so.');
    if (end === 'waits' && !signal.aborted) await once(signal, 'abort');
  }
  return defineAgent({ open: () => speak });
}

/** Reads a script; any other text is four words. */
function toScript(text: string): Script {
  const script: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  const { words = 4, tool, end, name } = isRecord(script) ? script : {};
  return {
    words: Number(words),
    tool: tool === true,
    end: end === 'throws' || end === 'waits' || end === 'repeats' || end === 'asks' ? end : 'well',
    name: String(name),
  };
}
