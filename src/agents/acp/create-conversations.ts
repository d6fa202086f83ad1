import type { MessageState, OpenSession, Turn } from '../../protocol/index.ts';
import { fieldsOf, textOf } from '../kit/index.ts';
import type { ProcessPool } from '../process/index.ts';
import type { AcpWorker } from './create-acp-worker.ts';
import type { OpenPermission, PromptRun } from './create-prompt-run.ts';
import type { UpdateMapper } from './create-update-mapper.ts';

/** A session of the agent, for one session of Heddle. */
export interface AcpConversation {
  readonly worker: AcpWorker;
  /** The agent's name of its session. */
  readonly id: string;
  /** Whether the agent knows what was said before. If not, the next prompt must tell it. */
  isTold: boolean;
  /** The last turn that the agent knows as the log has it; undefined if the two differ. */
  turn: string | undefined;
  /** The prompt that is running, or waits for answers. */
  prompt?: HeldPrompt;
}

/** A prompt, and all that a later turn needs to go on with it. */
export interface HeldPrompt {
  readonly run: PromptRun;
  readonly mapper: UpdateMapper;
  /** The open permission requests, by the names of their approvals. */
  readonly asked: Map<string, OpenPermission>;
}

/** The conversations of an agent, one for each session of Heddle. */
export interface AcpConversations {
  /** Returns the conversation that asked the questions of a turn, if it still waits for the answers. */
  findWaiting(session: OpenSession, resumes: string): AcpConversation | undefined;
  /**
   * Returns a conversation that knows what the log has before the turn, or a new one. Resolves with undefined if
   * no process was there before the signal aborted.
   */
  open(session: OpenSession, turn: Turn): Promise<AcpConversation | undefined>;
}

export interface ConversationsOptions {
  readonly pool: ProcessPool<AcpWorker>;
  /** Returns the folder of a session, as an absolute path. */
  readonly toFolder: (session: OpenSession) => Promise<string>;
}

/** The number of conversations that stay open while nothing is asked in them. */
const mostOpen = 100;

/** Creates the conversations of an agent. */
export function createConversations({ pool, toFolder }: ConversationsOptions): AcpConversations {
  const known = new Map<string, AcpConversation>();

  const remember = (session: string, conversation: AcpConversation): AcpConversation => {
    known.delete(session);
    known.set(session, conversation);
    const idle = [...known].filter(([, { prompt }]) => prompt === undefined);
    for (const [name, { worker, id }] of idle.slice(0, Math.max(0, known.size - mostOpen))) {
      if (name === session) continue;
      known.delete(name);
      if (worker.abilities.canClose && worker.isAble)
        worker.request('session/close', { sessionId: id }).catch(() => {});
    }
    return conversation;
  };

  return {
    findWaiting({ session }, resumes) {
      const conversation = known.get(session);
      return conversation?.turn === resumes && conversation.prompt !== undefined ? conversation : undefined;
    },
    async open(session, { history, signal, snapshot }) {
      const before = known.get(session.session);
      if (before?.prompt !== undefined) await leave(before);
      const isSame = before?.turn !== undefined && before.turn === lastTurn(history(1));
      if (isSame && before.worker.isAble) return remember(session.session, before);
      const saved = textOf(fieldsOf(snapshot)['session']);
      // A session that went another way than the log has a memory that must not be used.
      const id = before === undefined ? saved : isSame ? before.id : '';
      const worker = await pool.begin((each) => each, signal);
      if (worker === undefined) return undefined;
      const place = { cwd: await toFolder(session), mcpServers: [] };
      const isTold = id !== '' && (await reopen(worker, { sessionId: id, ...place }));
      const name = isTold ? id : await create(worker, place);
      // The next turn may have opened one already.
      if (signal.aborted) return undefined;
      return remember(session.session, { worker, id: name, isTold, turn: undefined });
    },
  };
}

/** Ends a prompt that still waits for answers. */
async function leave(conversation: AcpConversation): Promise<void> {
  const { prompt } = conversation;
  prompt?.run.cancel();
  if ((await prompt?.run.over) !== 'ended') conversation.turn = undefined;
  delete conversation.prompt;
}

async function reopen({ abilities, request }: AcpWorker, params: object): Promise<boolean> {
  if (abilities.reopen === undefined) return false;
  return request(abilities.reopen, params).then(
    () => true,
    // The agent has forgotten it. The log has not.
    () => false,
  );
}

async function create({ request }: AcpWorker, place: object): Promise<string> {
  const { sessionId } = fieldsOf(await request('session/new', place));
  if (textOf(sessionId) === '') throw new Error('The agent answered session/new without a sessionId.');
  return textOf(sessionId);
}

function lastTurn(history: readonly MessageState[]): string | undefined {
  return history.at(-1)?.turn;
}
