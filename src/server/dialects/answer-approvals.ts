import type { AnswerIntent, Exchange } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import { toOptionalText } from '../request-fields.ts';
import { digest } from '../derive.ts';
import type { DialectContext } from './dialect-context.ts';
import { findExchange } from './find-exchange.ts';
import type { FoundThread } from './find-thread.ts';
import { nameDecisions } from './name-decisions.ts';
import type { NamedDecision } from './name-decisions.ts';

/** The exchange that goes on after the answers. */
export interface AnsweredExchange {
  readonly exchange: Exchange;
  /** Other approvals of the turn are still open. */
  readonly isPending: boolean;
}

/** The longest decision, in UTF-16 units of its JSON. */
const maxDecision = 64 * 1024;

/**
 * Answers the approvals of an intent. With `ignoreLate`, decisions about approvals that are not open in the
 * exchange `of` are left out. Throws `not_found` if there is no such exchange, and otherwise as
 * `submitAnswers` does.
 */
export async function answerApprovals(
  context: DialectContext,
  found: FoundThread,
  intent: AnswerIntent,
): Promise<AnsweredExchange> {
  const { of, decisions, ignoreLate } = intent;
  if (of === undefined || !ignoreLate)
    return submitAnswers(context, found, intent, await nameDecisions(context, found, intent));
  const { session, head } = found;
  const asked = head && (await findExchange(context.transcripts, session, of));
  if (asked === undefined) throw new RefusalError('not_found');
  const { waiting } = head ?? {};
  const open = waiting?.message === asked.message ? waiting.approvals.filter((each) => !each.answered) : [];
  const left = decisions.flatMap(({ approval, decision }): readonly NamedDecision[] =>
    approval !== undefined && open.some((each) => each.approval === approval) ? [{ approval, decision }] : [],
  );
  if (left.length === 0) return { exchange: asked, isPending: open.length > 0 };
  try {
    return await submitAnswers(context, found, intent, left);
  } catch (error) {
    if (!isLate(error)) throw error;
    // They were answered, or closed, meanwhile.
    const now = await findExchange(context.transcripts, session, of);
    return { exchange: now ?? asked, isPending: false };
  }
}

function isLate(error: unknown): boolean {
  return error instanceof RefusalError && (error.code === 'too_late' || error.code === 'key_reused');
}

/**
 * Submits answers. The name of the approval is the idempotency key: the same answer twice is one, and another
 * one is refused as `key_reused`. Throws `too_late` if an approval is not open any more, and `malformed` if
 * some stay open and the dialect cannot show that. Nothing is written for a request that is refused from the
 * start.
 */
async function submitAnswers(
  { engine, transcripts, call }: DialectContext,
  { session, head }: FoundThread,
  { pending, keepsRun, run: ownRun }: AnswerIntent,
  decisions: readonly NamedDecision[],
): Promise<AnsweredExchange> {
  if (head === undefined) throw new RefusalError('not_found');
  const run = keepsRun ? head.waiting?.run : ownRun;
  const decided = readDecisions(decisions);
  const open = head.waiting?.approvals.filter((each) => !each.answered && !decided.has(each.approval)) ?? [];
  const isPending = open.length > 0;
  const isRelevant = head.waiting?.approvals.some(({ approval }) => decided.has(approval)) === true;
  if (isPending && isRelevant && pending === undefined)
    throw new RefusalError(
      'malformed',
      `All open approvals must be answered in one request; these are not: ${open.map(({ approval }) => approval).join(', ')}.`,
    );

  // Answers to approvals that are not open come first: they repeat earlier ones, or are refused. The others
  // come in the same order for all callers, so that of two tabs one gives all answers.
  const placeOf = (approval: string): number =>
    head.waiting?.approvals.findIndex((each) => each.approval === approval && !each.answered) ?? -1;
  let turn: string | undefined;
  const inOrder = [...decided].toSorted(([one], [other]) => placeOf(one) - placeOf(other));
  for (const [approval, { decision, text }] of inOrder) {
    const key = { id: `answer-of:${await digest(approval)}`, digest: await digest(text) };
    const command = {
      type: 'answer',
      approval,
      decision,
      run: toOptionalText(run, 'run'),
      at: Date.now(),
    } as const;
    const { entries } = await engine.submit(session, command, { owner: call.owner, key }).catch(refuseOther);
    const event = entries[0]?.event;
    if (event?.type !== 'approval_answer') throw new RefusalError('key_reused');
    ({ turn } = event);
  }
  if (turn === undefined) throw new RefusalError('malformed', 'The request answers no approval.');
  const exchange = await findAnswered(transcripts, session, turn, head.waiting?.message);
  if (exchange === undefined) throw new RefusalError('too_late');
  return { exchange, isPending };
}

interface Decided {
  readonly decision: unknown;
  /** The decision as JSON. */
  readonly text: string;
}

/** Returns the decisions by their approvals. Each is submitted once, however often a request repeats it. */
function readDecisions(decisions: readonly NamedDecision[]): ReadonlyMap<string, Decided> {
  const decided = new Map<string, Decided>();
  for (const { approval, decision = null } of decisions) {
    const text = JSON.stringify(decision);
    if (text.length > maxDecision) throw new RefusalError('too_large', 'The decision is too large.');
    if ((decided.get(approval)?.text ?? text) !== text)
      throw new RefusalError('malformed', 'One approval is answered in two ways.');
    decided.set(approval, { decision, text });
  }
  return decided;
}

/** The sentence about keys would mean nothing to a user who answers late, in another tab. */
function refuseOther(error: unknown): never {
  if (error instanceof RefusalError && error.code === 'key_reused')
    throw new RefusalError('key_reused', 'This was answered already, in another way.');
  throw error;
}

/**
 * Finds the exchange of the turn that goes on. While other approvals are open, no message has that turn yet.
 */
async function findAnswered(
  transcripts: DialectContext['transcripts'],
  session: string,
  turn: string,
  message: string | undefined,
): Promise<Exchange | undefined> {
  const found = await findExchange(transcripts, session, { turn });
  if (found !== undefined || message === undefined) return found;
  const asked = await findExchange(transcripts, session, { message });
  return asked && { ...asked, turn };
}
