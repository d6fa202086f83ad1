import { toAgent } from '../../protocol/index.ts';
import { isPromise, toAgentEvents } from '../../protocol/internal.ts';
import type { Agent, OpenSession, Turn } from '../../protocol/index.ts';
import { toAgentFacts } from '../kit/index.ts';
import type { AdapterOptions } from '../kit/index.ts';
import type { AiSdkCall } from './ai-sdk-call.ts';
import { isAiSdkAgent } from './ai-sdk-like.ts';
import type { AiSdkAgentLike, AiSdkResultLike } from './ai-sdk-like.ts';
import { createAiSdkRun } from './create-ai-sdk-run.ts';
import type { AiSdkRun } from './create-ai-sdk-run.ts';
import { toAiSdkError } from './to-ai-sdk-error.ts';

/** The facts that a factory gets about the turn that it makes an agent for. */
export interface AiSdkContext extends OpenSession, Omit<Turn, 'save' | 'snapshot'> {
  /**
   * The arguments for `streamText()`, or for an agent that the factory calls itself: messages, signal, and
   * callbacks. A factory that returns an agent does not need them.
   */
  readonly call: AiSdkCall;
}

/** Makes the agent of one turn, or its answer. Models, tools and agents may be shared between turns. */
export type AiSdkFactory = (
  context: AiSdkContext,
) => AiSdkAgentLike | AiSdkResultLike | Promise<AiSdkAgentLike | AiSdkResultLike>;

export interface AiSdkAgentOptions extends AdapterOptions {
  /**
   * Whether each turn saves the SDK's own messages, so that the next turn has all of them: signatures of
   * reasoning, files, results of the provider's tools. Without it, the conversation is rebuilt from the log.
   * Approvals work either way.
   * @default true
   */
  readonly snapshots?: boolean;
}

/**
 * Adapts agents of the package `ai`, versions 6 and 7: a `ToolLoopAgent`, any other `Agent`, or what
 * `streamText()` returns. The conversation comes from the session's log, so a cancelled, crashed or restarted
 * turn is no special case. {@link FailureCode} lists the codes of failures. If the function returns nothing
 * of the kind but answers the turn itself, it works as in `createServer`. Throws a TypeError if `factory` is
 * not a function.
 */
export function aiSdkAgent(factory: AiSdkFactory, options: AiSdkAgentOptions = {}): Agent {
  const { snapshots = true, onCrash } = options;
  if (typeof factory !== 'function')
    throw new TypeError('aiSdkAgent() takes a function that makes an agent, or that calls streamText().');
  toAgent(factory);
  return {
    open: (session) => (turn) => {
      const run = createAiSdkRun({ turn, snapshots, mayRunAhead: onCrash === 'fail' });
      const made = make(factory, toContext(session, turn, run));
      return isPromise(made) || isAiSdkAgent(made) ? run.events(made) : toAgentEvents(made);
    },
    ...toAgentFacts(options),
  };
}

function make(factory: AiSdkFactory, context: AiSdkContext): ReturnType<AiSdkFactory> {
  try {
    return factory(context);
  } catch (error) {
    throw toAiSdkError(error);
  }
}

function toContext(session: OpenSession, turn: Turn, run: AiSdkRun): AiSdkContext {
  return {
    ...session,
    ...turn,
    get call() {
      return run.call;
    },
  };
}
