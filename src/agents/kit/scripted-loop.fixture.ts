import type { AgentEvent } from '../../protocol/index.ts';
import { isApproved, reasonOf } from './decisions.ts';
import type { GivenMessage, Line, Script, ScriptedTool } from './oracle.fixture.ts';

/** A call as the model named it. */
export interface LoopCall {
  readonly id: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The facts that the loop has at the start of a turn, and the way it speaks. */
export interface LoopTurn {
  /** The conversation. The loop adds to it. */
  readonly messages: GivenMessage[];
  /** The calls that waited for approvals, and the decisions about them. */
  readonly resumed?: { readonly calls: readonly LoopCall[]; decide(id: string): unknown } | undefined;
  readonly signal: AbortSignal;
  /** Takes an event of the loop, under the model's own names. The loop does not wait for it. */
  readonly emit: (event: Exclude<AgentEvent, string>) => void;
  /** Awaited before a tool runs. With false it does not run. */
  readonly mayRun: (id: string) => Promise<boolean>;
}

/** The loop of a scripted agent, and the conversations that its model was given. */
export interface ScriptedLoop {
  /** Runs a turn. Resolves with the calls that wait for an approval. Rejects as a vendor does. */
  run(turn: LoopTurn): Promise<readonly LoopCall[]>;
  readonly given: readonly (readonly GivenMessage[])[];
}

/**
 * Creates an agent's loop that follows a script: it asks its model, runs the tools, and asks again. It stands
 * for vendors that push their events and run tools ahead of their reader, in this process or in another one.
 */
export function createScriptedLoop({ answers, tools = [] }: Script): ScriptedLoop {
  const given: (readonly GivenMessage[])[] = [];

  const runTool = async (tool: ScriptedTool | undefined, call: LoopCall, turn: LoopTurn): Promise<void> => {
    const { emit, signal, messages } = turn;
    const end = (output: string, status: 'ok' | 'error' | 'cancelled'): void => {
      messages.push({ role: 'tool', text: output });
      emit({ type: 'tool_result', call: call.id, output, status });
    };
    const decision = tool?.asks === undefined ? true : turn.resumed?.decide(call.id);
    if (!isApproved(decision)) return end(`denied: ${reasonOf(decision) ?? 'no reason'}`, 'error');
    if (!(await turn.mayRun(call.id))) return;
    try {
      const running = tool?.run(call.input, signal);
      for (;;) {
        const next = await running?.next();
        if (next === undefined || next.done === true) return end(next?.value ?? '', 'ok');
        emit({ type: 'tool_progress', call: call.id, data: next.value });
      }
    } catch (error) {
      end(String(error), signal.aborted ? 'cancelled' : 'error');
    }
  };

  /** Runs the calls that may run, and returns those that wait for an approval. */
  const runCalls = async (calls: readonly LoopCall[], turn: LoopTurn): Promise<readonly LoopCall[]> => {
    const find = (call: LoopCall): ScriptedTool | undefined => tools.find(({ name }) => name === call.tool);
    const waits = (call: LoopCall): boolean =>
      find(call)?.asks !== undefined && turn.resumed?.calls.includes(call) !== true;
    for (const call of calls.filter((each) => !waits(each))) await runTool(find(call), call, turn);
    for (const call of calls.filter(waits)) {
      const reason = find(call)?.asks;
      turn.emit({ type: 'approval_request', approval: `ask:${call.id}`, call: call.id, reason });
    }
    return calls.filter(waits);
  };

  /** Says an answer of the model, and returns its calls; undefined if it broke off. */
  const answer = async (lines: readonly Line[], turn: LoopTurn): Promise<readonly LoopCall[] | undefined> => {
    const { emit, signal, messages } = turn;
    const calls: LoopCall[] = [];
    const texts: string[] = [];
    emit({ type: 'step_start' });
    for (const line of lines) {
      if ('text' in line) {
        texts.push(line.text);
        for (const data of line.text.match(/\S+\s*/g) ?? []) emit({ type: 'content', data });
      } else if ('reasoning' in line) emit({ type: 'reasoning', data: line.reasoning });
      else if ('usage' in line) {
        const [input, output] = line.usage;
        emit({ type: 'usage', usage: { input_tokens: input, output_tokens: output } });
      } else if ('tool' in line) {
        const { id, tool, input = {} } = line;
        calls.push({ id, tool, input });
        emit({ type: 'tool_use', call: id, tool, input });
      } else if ('fail' in line) {
        throw Object.assign(new Error(line.words), line.fail === 'busy' && { status: 429 });
      } else if ('hang' in line) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      } else {
        emit({ type: 'discard' });
        return undefined;
      }
    }
    if (texts.length > 0) messages.push({ role: 'assistant', text: texts.join('') });
    return calls;
  };

  return {
    given,
    async run(turn) {
      let calls: readonly LoopCall[] | undefined = turn.resumed?.calls ?? [];
      if (calls.length > 0) await runCalls(calls, turn);
      for (;;) {
        given.push([...turn.messages]);
        calls = await answer(answers[given.length - 1] ?? [], turn);
        turn.signal.throwIfAborted();
        if (calls === undefined) continue;
        const waiting = await runCalls(calls, turn);
        turn.signal.throwIfAborted();
        turn.emit({ type: 'step_end' });
        if (waiting.length > 0 || calls.length === 0) return waiting;
      }
    },
  };
}
