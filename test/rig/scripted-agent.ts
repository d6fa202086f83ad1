import { once } from 'node:events';
import { defineAgent, toText } from '../../src/protocol/index.ts';
import { isRecord } from '../../src/protocol/internal.ts';
import type { Agent, AgentEvent, Turn } from '../../src/protocol/index.ts';

/** The work of a turn. The message carries it as JSON, so the client decides. */
export interface Script {
  readonly words: number;
  /** Whether a tool with a side effect is called after the words. */
  readonly tool: boolean;
  /**
   * How the turn ends. `waits` goes on until it is cancelled. `repeats` withdraws its words and says them
   * again, as after a retried model call. `asks` requests an approval.
   */
  readonly end: 'well' | 'throws' | 'waits' | 'repeats' | 'asks';
  /** Distinguishes messages that have the same work. */
  readonly name: string;
}

export interface ScriptedAgentOptions {
  /** Returns the text that is added to a word. @default none */
  readonly padding?: () => string;
  /** Waits between two words. */
  readonly pause: (turn: Turn) => Promise<void>;
  /** Has the tool's effect. */
  readonly effect: (turn: Turn) => void | Promise<void>;
}

/** Creates an agent that does the work of the script in its message. */
export function createScriptedAgent({ padding = () => '', pause, effect }: ScriptedAgentOptions): Agent {
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
        yield `word ${word} of ${words} ${padding()}`;
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

/** Reads a script. Any other text means four words. */
export function toScript(text: string): Script {
  const script: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  const { words = 4, tool, end, name } = isRecord(script) ? script : {};
  return {
    words: Number(words),
    tool: tool === true,
    end: end === 'throws' || end === 'waits' || end === 'repeats' || end === 'asks' ? end : 'well',
    name: String(name),
  };
}
