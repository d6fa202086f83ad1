import type { Exchange, ExchangeName } from '../../dialects/index.ts';
import type { AgentMessage, SentMessage } from '../../protocol/index.ts';
import type { Transcript, Transcripts } from '../../transcripts/index.ts';

/** The message and the turn of an exchange. */
type Place = Pick<Exchange, 'message' | 'turn'>;

/**
 * Finds an exchange of a session. Most are near the end, so the last messages are read first. `before` names
 * the exchange before the wanted one, if there is a wanted one: once that is found, no earlier message is
 * read.
 */
export async function findExchange(
  transcripts: Pick<Transcripts, 'read'>,
  session: string,
  name: ExchangeName,
  before?: ExchangeName,
): Promise<Exchange | undefined> {
  for (const part of [{ messages: 16 }, {}]) {
    const transcript = await transcripts.read(session, part);
    const found = transcript && toExchange(transcript, name);
    if (found !== undefined || !transcript?.state.earlier) return found;
    // The head and the last messages show that no turn is open. Earlier messages would not change that.
    if (typeof name === 'string' && toPlace(transcript, name) === undefined) return undefined;
    if (before !== undefined && toExchange(transcript, before) !== undefined) return undefined;
  }
  return undefined;
}

/** Returns an exchange of a transcript; undefined if the transcript has no message of it. */
function toExchange(transcript: Transcript, name: ExchangeName): Exchange | undefined {
  const { state } = transcript;
  const place = toPlace(transcript, name);
  const sent = place && findSent(transcript, ({ message }) => message === place.message);
  if (place === undefined || sent === undefined) return undefined;
  const { message, turn } = place;
  const { ref, after } = sent;
  return { session: state.session, message, turn, ...(ref !== undefined && { ref }), from: after };
}

function toPlace(transcript: Transcript, name: ExchangeName): Place | undefined {
  if (name === 'open') return toOpen(transcript);
  if (name === 'last' || (name === 'recent' && isRecent(transcript)))
    return toOpen(transcript) ?? findAnswer(transcript, () => true);
  if (name === 'recent') return toOpen(transcript);
  if ('message' in name) return toLastTurn(transcript, name.message);
  const isIt =
    'turn' in name
      ? ({ turn }: { readonly turn: string }) => turn === name.turn
      : ({ run }: { readonly run?: string }) => run === name.run;
  const { turn, queue } = transcript.head;
  return (
    [...(turn ? [turn] : []), ...queue].find(isIt) ??
    findAnswer(transcript, isIt) ??
    findSent(transcript, isIt)
  );
}

/** How long a turn that has ended is recent, in milliseconds: longer than a page takes to start. */
const recentMs = 30_000;

function isRecent({ head }: Transcript): boolean {
  return Date.now() - head.activeAt < recentMs;
}

/** Returns the turn that runs, or that will start next. */
function toOpen({ head }: Transcript): Place | undefined {
  return head.turn ?? (head.waiting === undefined ? head.queue[0] : undefined);
}

/** Returns the last turn that works on a message. The message is named by its name or its sender's. */
function toLastTurn(transcript: Transcript, name: string): Place | undefined {
  const sent = findSent(transcript, ({ message, ref }) => message === name || ref === name);
  if (sent === undefined) return undefined;
  const { turn, queue } = transcript.head;
  const isIts = ({ message }: Place): boolean => message === sent.message;
  return [...queue, ...(turn ? [turn] : [])].find(isIts) ?? findAnswer(transcript, isIts) ?? sent;
}

function findAnswer(
  { state }: Transcript,
  isIt: (message: AgentMessage) => boolean,
): AgentMessage | undefined {
  const found = state.messages.findLast((each) => each.role === 'agent' && isIt(each));
  return found?.role === 'agent' ? found : undefined;
}

function findSent({ state }: Transcript, isIt: (message: SentMessage) => boolean): SentMessage | undefined {
  const found = state.messages.findLast((each) => each.role === 'user' && isIt(each));
  return found?.role === 'user' ? found : undefined;
}
