import { RefusalError } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { DialectRequest } from '../dialect-route.ts';
import type {
  AnswerIntent,
  CancelIntent,
  ExchangeName,
  Intent,
  ReadIntent,
  SendIntent,
  StreamShow,
  ThreadName,
} from '../intent.ts';
import { readLastId } from '../read-last-id.ts';
import { toApprovalDecision } from './interrupt.ts';
import { before1, fromRunId } from './names.ts';
import { readContent } from './read-content.ts';
import { readInstructions, readPast, toRef } from './read-past.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The names that a body of AG-UI gives: its thread and its run, and what its client knows. */
export interface RunInput {
  readonly threadId: string;
  readonly runId: string;
  /** Absent for clients of AG-UI 1. */
  readonly variant?: string;
  readonly messages: readonly Fields[];
}

/**
 * Reads a request to run: it sends a message, answers the interrupts of the run before, or reads on a run
 * whose stream was cut.
 */
export function readRun(request: DialectRequest): Intent {
  const { body } = request;
  const input = readRunInput(body);
  const { threadId, runId, variant } = input;
  const thread = { type: 'named', name: threadId } as const;
  const show: StreamShow = { as: 'stream', ...(variant !== undefined && { variant }) };
  const after = readLastId(request);
  if (after !== undefined)
    return { type: 'read', thread, of: toExchangeName(runId), show: { ...show, after } } satisfies ReadIntent;
  return readAnswer(body, input, show) ?? readMessage(input, thread, show);
}

/** Reads the names of a body. Throws a RefusalError if it has none. */
export function readRunInput(body: Fields): RunInput {
  const { protocolVersion, messages } = body;
  const isFrom1 = typeof protocolVersion === 'string' && !protocolVersion.startsWith('0.');
  return {
    threadId: readName(body, 'threadId'),
    runId: readName(body, 'runId'),
    ...(!isFrom1 && { variant: before1 }),
    messages: Array.isArray(messages) ? messages.filter(isRecord) : [],
  };
}

/** Reads a request to stop: the run that it names, or else the open one. */
export function readStop(thread: string, { runId }: Fields): CancelIntent {
  const of = typeof runId === 'string' && runId !== '' ? toExchangeName(runId) : undefined;
  return {
    type: 'cancel',
    thread: { type: 'named', name: thread },
    ...(of !== undefined && { of }),
    show: { as: 'now', reply: { body: { stopped: true } } },
    none: { body: { stopped: false } },
  };
}

/** Reads a name of at most 200 characters. Throws a RefusalError if there is none. */
export function readName(fields: Fields, field: string): string {
  const name = fields[field];
  if (typeof name !== 'string' || name === '')
    throw new RefusalError('malformed', `The body must have a "${field}".`);
  if (name.length > 200) throw new RefusalError('malformed', `"${field}" must have at most 200 characters.`);
  return name;
}

/** Returns the exchange of a run by its id. */
function toExchangeName(runId: string): ExchangeName {
  const own = fromRunId(runId);
  return own === undefined ? { run: runId } : { turn: own.turn };
}

/**
 * Reads the answers to interrupts. A user who cancels all of them and says something new sends a message,
 * which closes the approvals.
 */
function readAnswer({ resume }: Fields, input: RunInput, show: StreamShow): AnswerIntent | undefined {
  if (!Array.isArray(resume) || resume.length === 0) return undefined;
  const entries = resume.map(readEntry);
  const isCancelled = entries.every(({ status }) => status === 'cancelled');
  if (isCancelled && input.messages.at(-1)?.['role'] === 'user') return undefined;
  return {
    type: 'answer',
    thread: { type: 'named', name: input.threadId },
    decisions: entries.map(({ approval, status, payload }) => ({
      approval,
      decision: toApprovalDecision(status, payload),
    })),
    run: input.runId,
    show,
  };
}

interface ResumeEntry {
  readonly approval: string;
  readonly status: 'resolved' | 'cancelled';
  readonly payload: unknown;
}

function readEntry(entry: unknown): ResumeEntry {
  const { interruptId, status, payload } = isRecord(entry) ? entry : {};
  if (typeof interruptId !== 'string' || (status !== 'resolved' && status !== 'cancelled'))
    throw new RefusalError(
      'malformed',
      'Each entry of "resume" must have an "interruptId" and the "status" resolved or cancelled.',
    );
  return { approval: interruptId, status, payload };
}

function readMessage({ messages, runId }: RunInput, thread: ThreadName, show: StreamShow): SendIntent {
  const last = messages.at(-1);
  if (last?.['role'] !== 'user')
    throw new RefusalError('malformed', 'The last message of "messages" must be the user\'s.');
  const content = readContent(last['content']);
  if (content === undefined)
    throw new RefusalError(
      'malformed',
      'The content of the last message must be text, or parts of text and media.',
    );
  const earlier = messages.slice(0, -1);
  const { ref } = toRef(last['id']);
  const seen = readSeen(earlier);
  const past = readPast(earlier);
  const instructions = readInstructions(earlier);
  return {
    type: 'send',
    thread,
    key: runId,
    message: {
      content,
      run: runId,
      // A message that is sent again under its id is asked again, or was edited.
      ...(ref !== undefined && { ref, replaces: ref }),
      ...(seen !== undefined && { seen }),
      ...(past.length > 0 && { past }),
      ...(instructions !== undefined && { metadata: { instructions } }),
    },
    show,
  };
}

/**
 * Returns the message whose answer the client has seen begin: the one before the last message of the agent.
 */
function readSeen(messages: readonly Fields[]): string | undefined {
  const spoken = messages.findLastIndex(({ role }) => role === 'assistant');
  const asked = messages.slice(0, Math.max(spoken, 0)).findLast(({ role }) => role === 'user');
  return toRef(asked?.['id']).ref;
}
