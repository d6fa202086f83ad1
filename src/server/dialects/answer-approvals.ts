import type { AnswerIntent, Exchange } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import { toOptionalText } from '../request-fields.ts';
import { digest } from '../derive.ts';
import type { DialectContext } from './dialect-context.ts';
import { findExchange } from './find-exchange.ts';
import type { FoundThread } from './find-thread.ts';

/** The exchange that goes on after the answers. */
export interface AnsweredExchange {
  readonly exchange: Exchange;
  /** Other approvals of the turn are still open. */
  readonly isPending: boolean;
}

/** The longest decision, in UTF-16 units of its JSON. */
const maxDecision = 64 * 1024;

/**
 * Answers approvals. The name of the approval is the idempotency key: the same answer twice is one, and another
 * one is refused as `key_reused`. Throws `too_late` if an approval is not open any more, and `malformed` if some
 * stay open and the dialect cannot show that. Nothing is written for a request that is refused from the start.
 */
export async function answerApprovals(
  { engine, transcripts, call }: DialectContext,
  { session, head }: FoundThread,
  { decisions, run, pending }: AnswerIntent,
): Promise<AnsweredExchange> {
  if (head === undefined) throw new RefusalError('not_found');
  const named = new Set(decisions.map(({ approval }) => approval));
  const open = head.waiting?.approvals.filter((each) => !each.answered && !named.has(each.approval)) ?? [];
  const isPending = open.length > 0;
  const isRelevant = head.waiting?.approvals.some(({ approval }) => named.has(approval)) === true;
  if (isPending && isRelevant && pending === undefined)
    throw new RefusalError(
      'malformed',
      `All open approvals must be answered in one request; these are not: ${open.map(({ approval }) => approval).join(', ')}.`,
    );

  // Answers to approvals that are not open come first: they repeat earlier ones, or are refused. The others come
  // in the same order for all callers, so that of two tabs one gives all answers.
  const placeOf = ({ approval }: AnswerIntent['decisions'][number]): number =>
    head.waiting?.approvals.findIndex((each) => each.approval === approval && !each.answered) ?? -1;
  let turn: string | undefined;
  for (const { approval, decision } of decisions.toSorted((one, other) => placeOf(one) - placeOf(other))) {
    const text = JSON.stringify(decision ?? null);
    if (text.length > maxDecision) throw new RefusalError('too_large', 'The decision is too large.');
    const key = { id: `answer-of:${await digest(approval)}`, digest: await digest(text) };
    const command = {
      type: 'answer',
      approval,
      decision: decision ?? null,
      run: toOptionalText(run, 'run'),
      at: Date.now(),
    } as const;
    const { entries } = await engine.submit(session, command, { owner: call.owner, key });
    const event = entries[0]?.event;
    if (event?.type !== 'approval_answer') throw new RefusalError('key_reused');
    ({ turn } = event);
  }
  if (turn === undefined) throw new RefusalError('malformed', 'The request answers no approval.');
  const exchange = await findAnswered(transcripts, session, turn, head.waiting?.message);
  if (exchange === undefined) throw new RefusalError('too_late');
  return { exchange, isPending };
}

/** Finds the exchange of the turn that goes on. While other approvals are open, no message has that turn yet. */
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
