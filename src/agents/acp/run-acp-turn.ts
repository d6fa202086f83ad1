import type { AgentEvent, ApprovalAnswer, OpenSession, Turn } from '../../protocol/index.ts';
import { createFailure, fieldsOf, mintApproval, toAgentError } from '../kit/index.ts';
import type { AcpConversation, AcpConversations, HeldPrompt } from './create-conversations.ts';
import { createUpdateMapper } from './create-update-mapper.ts';
import { toPermissionOptions, toPermissionOutcome, toPermissionReason } from './permission.ts';
import { toEarlier, toPrompt } from './to-prompt.ts';

/** Runs a turn: sends a prompt, or goes on with the one that waits for these answers. */
export async function* runAcpTurn(
  conversations: AcpConversations,
  session: OpenSession,
  turn: Turn,
): AsyncGenerator<AgentEvent, void, undefined> {
  const { input, signal } = turn;
  try {
    if (input.type === 'answers') {
      const conversation = conversations.findWaiting(session, input.resumes);
      const { prompt } = conversation ?? {};
      if (conversation === undefined || prompt?.run.resume() !== true) throw createFailure('approval_lost');
      yield* listen(conversation, prompt, turn, input.answers);
      return;
    }
    const conversation = await unlessAborted(conversations.open(session, turn), signal);
    if (conversation === undefined || signal.aborted) return;
    // Until the prompt is sent, the agent knows what it knew. The message may be one that it does not take.
    conversation.turn = turn.turn;
    yield* listen(conversation, sendPrompt(conversation, turn), turn);
  } catch (error) {
    // How a cancelled turn ends does not matter.
    if (!signal.aborted) throw toAcpError(error);
  }
}

function sendPrompt(conversation: AcpConversation, { history, input }: Turn): HeldPrompt {
  const { worker, id, isTold } = conversation;
  const blocks = [...(isTold ? [] : toEarlier(history())), ...toPrompt(input.content, worker.abilities)];
  conversation.prompt = { run: worker.prompt(id, blocks), mapper: createUpdateMapper(), asked: new Map() };
  return conversation.prompt;
}

/** Tells what the agent says, until its prompt is over or all that is left to do is to answer it. */
async function* listen(
  conversation: AcpConversation,
  prompt: HeldPrompt,
  turn: Turn,
  answers?: readonly ApprovalAnswer[],
): AsyncGenerator<AgentEvent, void, undefined> {
  const { signal } = turn;
  const { run, mapper, asked } = prompt;
  const state = { isHeld: false, isRefused: false };
  const agree = (): void => {
    conversation.turn = turn.turn;
    conversation.isTold = true;
  };
  // While the turn runs, the agent knows more than the log.
  conversation.turn = undefined;
  signal.addEventListener('abort', run.cancel, { once: true });
  if (signal.aborted) run.cancel();
  try {
    if (answers !== undefined) {
      // The engine ended the open calls in the turn that asked.
      yield* mapper.resume();
      answer(asked, answers);
    }
    while (!state.isHeld) {
      const item = await run.next();
      if (item === undefined || signal.aborted) break;
      if (item.type === 'update') yield* mapper.update(item.update);
      else if (item.type === 'permission') {
        const { params } = item.permission;
        const { events, call, title } = mapper.ask(params['toolCall']);
        const approval = mintApproval();
        asked.set(approval, item.permission);
        yield* events;
        yield { type: 'approval_request', approval, call, reason: toPermissionReason(params, title) };
      } else {
        yield* mapper.end(item.result);
        // The agent forgets a prompt that it refuses.
        state.isRefused = fieldsOf(item.result)['stopReason'] === 'refusal';
      }
      // All that was said is told before the turn waits.
      state.isHeld = asked.size > 0 && run.waiting === 0;
    }
    if (state.isHeld) run.hold();
    if (!signal.aborted && !state.isRefused) {
      agree();
      turn.save({ version: 1, session: conversation.id });
    }
  } finally {
    signal.removeEventListener('abort', run.cancel);
    if (!state.isHeld || signal.aborted) {
      run.cancel();
      // A cancelled turn is over when the agent has ended it, or when its time for that is over.
      if ((await run.over) === 'ended' && signal.aborted) agree();
      delete conversation.prompt;
    }
  }
}

/** Answers permission requests. One without a decision is answered `cancelled`, so that none waits for ever. */
function answer(asked: HeldPrompt['asked'], answers: readonly ApprovalAnswer[]): void {
  for (const [name, permission] of asked) {
    const given = answers.find(({ approval }) => approval === name);
    const options = toPermissionOptions(permission.params);
    permission.answer(
      given === undefined ? { outcome: 'cancelled' } : toPermissionOutcome(given.decision, options),
    );
  }
  asked.clear();
}

const authRequired = -32_000;

function toAcpError(error: unknown): unknown {
  return fieldsOf(error)['code'] === authRequired ? createFailure('model_auth', error) : toAgentError(error);
}

/** Resolves as the promise does, or with undefined as soon as the signal aborts. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    promise.then(resolve, reject);
  });
}
