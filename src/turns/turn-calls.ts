import type { SpokenEvent, ToolStatus } from '../protocol/index.ts';
import type { ReportProblem } from './agent-event.ts';
import { splitText } from './limits.ts';
import type { UniqueNames } from './unique-names.ts';

/** The agent that speaks: its path as a key, and the fields that its events carry. */
export interface Voice {
  readonly key: string;
  readonly by: { readonly turn: string; readonly agent?: readonly string[] };
}

/** The tool calls of a turn. Each has one name in the log, whatever names the agent gives. */
export interface TurnCalls {
  start(voice: Voice, given: string, tool: string): readonly SpokenEvent[];
  input(voice: Voice, given: string, data: string): readonly SpokenEvent[];
  use(voice: Voice, given: string, tool: string, input: unknown): readonly SpokenEvent[];
  progress(voice: Voice, given: string, data: unknown): readonly SpokenEvent[];
  result(voice: Voice, given: string, output: unknown, status: ToolStatus): readonly SpokenEvent[];
  /** Returns the log's name of the call that an approval is about. */
  nameOf(voice: Voice, given: string): string;
  /** Ends all open calls. */
  close(status: ToolStatus): readonly SpokenEvent[];
}

/** A call of the turn that requested the approvals which this turn goes on from. */
export interface EarlierCall {
  readonly tool: string;
  readonly input?: unknown;
}

export interface CallsOptions {
  readonly nameFor: UniqueNames;
  readonly earlier: ReadonlyMap<string, EarlierCall>;
  readonly report: ReportProblem;
}

interface Call extends Voice {
  /** The call's name in the log. */
  readonly call: string;
  readonly given: string;
  readonly tool: string;
  hasPieces: boolean;
  /** The input as JSON text, once the call was made. */
  input: string | undefined;
  isAsked: boolean;
  isDone: boolean;
}

/**
 * Starts the calls of a turn. Names belong to their speaker. Several calls of one name may be open at once.
 * They are distinguished by their order: events for that name go to the call that has waited longest. A call
 * that is yielded again with the same input is the same call.
 */
export function createTurnCalls({ nameFor, earlier, report }: CallsOptions): TurnCalls {
  const calls: Call[] = [];

  const own = ({ key }: Voice, given: string): readonly Call[] =>
    calls.filter((call) => call.key === key && call.given === given);

  /**
   * Finds the open call of a name: the speaker's own, or else the only one there is. Throws a TypeError if
   * there are several.
   */
  const findOpen = (voice: Voice, given: string): Call | undefined => {
    const mine = own(voice, given).filter(({ isDone }) => !isDone);
    if (mine.length > 0) return mine.find(({ input }) => input !== undefined) ?? mine[0];
    const others = calls.filter((call) => call.given === given && !call.isDone);
    if (others.length > 1)
      throw new TypeError(
        `The agent yielded something for the call "${given}", and several inner agents have one: "agent" must say which.`,
      );
    return others[0];
  };
  /** Finds the call of a name whose input is not complete yet. */
  const findUncalled = (voice: Voice, given: string): Call | undefined =>
    own(voice, given).findLast(({ input, isDone }) => input === undefined && !isDone);

  const open = (voice: Voice, given: string, tool: string): Call => {
    const call = {
      ...voice,
      call: nameFor(given === '' ? 'call' : given),
      given,
      tool,
      hasPieces: false,
      input: undefined,
      isAsked: false,
      isDone: false,
    };
    calls.push(call);
    return call;
  };
  const toStart = ({ call, tool, by }: Call): SpokenEvent => ({ type: 'tool_use_start', call, tool, ...by });
  const toPieces = (call: Call, data: string): readonly SpokenEvent[] => {
    if (data === '') return [];
    call.hasPieces = true;
    return splitText(data).map((piece) => ({
      type: 'tool_use_input',
      call: call.call,
      data: piece,
      ...call.by,
    }));
  };
  const toUse = (call: Call, input: unknown): readonly SpokenEvent[] => {
    call.input = JSON.stringify(input);
    const pieces = call.hasPieces ? [] : toPieces(call, call.input);
    return [...pieces, { type: 'tool_use', call: call.call, tool: call.tool, input, ...call.by }];
  };
  const toResult = (call: Call, output: unknown, status: ToolStatus): SpokenEvent => {
    call.isDone = true;
    return { type: 'tool_result', call: call.call, output, status, ...call.by };
  };

  return {
    start(voice, given, tool) {
      return findUncalled(voice, given) ? [] : [toStart(open(voice, given, tool))];
    },
    input(voice, given, data) {
      const call = findUncalled(voice, given) ?? findOpen(voice, given);
      if (call === undefined)
        throw new TypeError(`The agent yielded tool_use_input for a call that is not open: "${given}".`);
      return toPieces(call, data);
    },
    use(voice, given, tool, input) {
      const started = findUncalled(voice, given);
      if (started !== undefined) return toUse(started, input);
      const text = JSON.stringify(input);
      const isRepeat = (call: Call): boolean => call.tool === tool && call.input === text && !call.isDone;
      if (given !== '' && own(voice, given).some(isRepeat)) return [];
      const call = open(voice, given, tool);
      return [toStart(call), ...toUse(call, input)];
    },
    progress(voice, given, data) {
      const call = findOpen(voice, given);
      // Progress that comes after a call's result is left out.
      if (call !== undefined) return [{ type: 'tool_progress', call: call.call, data, ...call.by }];
      if (!calls.some((each) => each.given === given))
        report(`The agent yielded tool_progress for a call that was not made: "${given}". It is left out.`);
      return [];
    },
    result(voice, given, output, status) {
      const call = findOpen(voice, given);
      if (call !== undefined) return [toResult(call, output, status)];
      if (given !== '' && calls.some((each) => each.given === given)) {
        report(`The agent yielded a second tool_result for the call "${given}". It is left out.`);
        return [];
      }
      // The agent did not report this call: the provider ran the tool, or the turn before requested it.
      const { tool = 'unknown', input = null } = earlier.get(given) ?? {};
      const untold = open(voice, given, tool);
      return [toStart(untold), ...toUse(untold, input), toResult(untold, output, status)];
    },
    nameOf(voice, given) {
      const waiting = own(voice, given).filter(({ isDone }) => !isDone);
      const call = waiting.find(({ isAsked }) => !isAsked) ?? waiting.at(-1);
      if (call === undefined) return given;
      call.isAsked = true;
      return call.call;
    },
    close: (status) => calls.filter(({ isDone }) => !isDone).map((call) => toResult(call, null, status)),
  };
}
