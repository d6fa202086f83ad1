import { ClientError, createClient } from '../../client/index.ts';
import { sessionPattern } from '../../protocol/index.ts';
import type { SessionState } from '../../protocol/index.ts';
import { redact } from '../redact.ts';
import { toServer } from '../to-server.ts';
import { createAsking } from './asking.ts';
import { createPrompt } from './prompt.ts';
import { createScreen } from './screen.ts';
import type { Output } from './screen.ts';
import { talkInteractively } from './talk-interactively.ts';
import { talkPiped } from './talk-piped.ts';
import { createTalk } from './talk.ts';
import type { Talk } from './talk.ts';
import { createTeller } from './teller.ts';
import type { Teller } from './teller.ts';

export interface ChatOptions {
  /** The session to resume. @default a new one */
  readonly session?: string;
  /** @default process.stdin */
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Receives the answers, and on a terminal everything else too. @default process.stdout */
  readonly output?: Output;
  /** In a pipe, receives everything that is not an answer. @default process.stderr */
  readonly errorOutput?: Output;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/** How many times chat tries to reach the server before it reports that none answers. */
const tries = 4;

/** How many messages of a resumed session chat shows, at least. */
const shownMessages = 50;

/**
 * Runs a conversation with a server until the user leaves or the input ends. On a terminal it shows a prompt.
 * In a pipe each line of the input is a message. Resolves with the exit code: 1 when the server or the
 * session cannot be found, and in a pipe also when a turn did not complete.
 */
export async function chat(url: string, options: ChatOptions = {}): Promise<number> {
  const { input = process.stdin, output = process.stdout, errorOutput = process.stderr } = options;
  const { env = process.env } = options;
  const isInteractive = input.isTTY === true && output.isTTY === true;
  const answers = createScreen(output, env);
  const teller = createTeller(answers, isInteractive ? answers : createScreen(errorOutput, env));
  const leaving = new AbortController();
  let code = 0;
  const fail = (error: unknown): void => {
    code = 1;
    teller.error(toSentence(error, url, options.session));
    leaving.abort();
  };

  let base: string;
  try {
    base = toServer(url);
  } catch (error) {
    teller.error(redact(error instanceof Error ? error.message : String(error)));
    return 1;
  }
  const token = env['HEDDLE_TOKEN'];
  const client = createClient({ url: base, ...(token && { headers: { authorization: `Bearer ${token}` } }) });
  let state: SessionState | undefined;
  try {
    // Without a session to load, this request only checks that the server answers.
    if (options.session !== undefined)
      state = await client.session(options.session).state({ tries, messages: shownMessages });
    else if (isInteractive) await client.sessions({ tries });
  } catch (error) {
    fail(error);
    return code;
  }

  const prompt = isInteractive ? createPrompt(input, output) : undefined;
  const talk = createTalk(
    {
      client,
      teller,
      onTell: () => {
        prompt?.hide();
        if (!leaving.signal.aborted) asking?.settle();
      },
      onRest: () => {
        if (leaving.signal.aborted) return;
        if (asking) return asking.show();
        if (talk.approval !== undefined) code = 1;
        denyAll(talk, teller, fail);
      },
      onEnd: (outcome) => {
        if (!isInteractive && outcome !== 'completed') code = 1;
      },
      onFail: (error) => leaving.signal.aborted || fail(error),
    },
    state,
  );
  const asking = prompt && createAsking(talk, teller, prompt);
  leaving.signal.addEventListener('abort', () => talk.close());
  // The reader of the output has exited, as `head` does. That is no error, and no output is left to report it
  // on. The event may come only after the last write.
  output.on('error', () => leaving.abort());
  try {
    if (prompt && asking) {
      if (state) teller.history(state);
      await talkInteractively({ talk, teller, prompt, asking, signal: leaving.signal });
    } else {
      await talkPiped(talk, input);
    }
  } catch (error) {
    if (!leaving.signal.aborted) fail(error);
  } finally {
    leaving.abort();
  }
  const id = talk.session?.id;
  // A hostile server could choose a session id that does harm when the user pastes the line.
  if (id !== undefined && sessionPattern.test(id))
    teller.notice(`To go on: heddle chat ${url} --session=${id}`);
  return code;
}

/** Denies every open approval: without a terminal nobody can decide. */
function denyAll(talk: Talk, teller: Teller, onFail: (error: unknown) => void): void {
  for (let next = talk.approval; next !== undefined; next = talk.approval) {
    teller.approval(next);
    teller.notice('Denied: without a terminal no one can approve it.');
    void talk.answer(next.approval, false).catch(onFail);
  }
}

function toSentence(error: unknown, url: string, session: string | undefined): string {
  if (!(error instanceof ClientError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'unreachable') return `No server answers at ${url}.`;
  if (error.status === 404)
    return session === undefined
      ? `The session is not there any more.`
      : `There is no session ${session} at ${url}.`;
  return error.message;
}
