import { emptyState, foldEntries, toEntryId } from '../../protocol/index.ts';
import type { Entry, SessionEvent, SessionState } from '../../protocol/index.ts';
import type { Exchange } from '../exchange.ts';
import { openAgUi } from './project.ts';

export const session = 'richlog-session-22-xyz';

/** Returns the name of a turn or a message: 16 characters that begin with a word. */
export const named = (word: string): string => word.padEnd(16, '0');

const [asks, goesOn, fails, stops, runs] = ['asks', 'goesOn', 'fails', 'stops', 'runs'].map(named) as [
  string,
  string,
  string,
  string,
  string,
];
const [first, second, third, fourth, fifth] = ['first', 'second', 'third', 'fourth', 'fifth'].map(named) as [
  string,
  string,
  string,
  string,
  string,
];
const inner = { agent: ['researcher'] };
const nested = { agent: ['researcher', 'fact checker'] };

/** A log with every kind of event, in orders that an engine writes. */
const events: readonly SessionEvent[] = [
  { type: 'session_start', session, metadata: { thread: 'room' } },
  { type: 'message', at: 1, message: first, turn: asks, content: 'Find it out.', ref: 'u-1', run: 'run-1' },
  { type: 'message_start', at: 2, message: first, turn: asks, attempt: 1, run: 'run-1' },
  { type: 'step_start', turn: asks, step: 's1' },
  { type: 'content_start', turn: asks, part: 'p1' },
  { type: 'content', turn: asks, part: 'p1', data: 'From a node that died.' },
  { type: 'tool_use_start', turn: asks, call: 'died', tool: 'clock' },
  { type: 'tool_use_input', turn: asks, call: 'died', data: '{"zone":' },
  { type: 'content_end', turn: asks, part: 'p1' },
  { type: 'tool_result', turn: asks, call: 'died', output: null, status: 'cancelled' },
  { type: 'step_end', turn: asks, step: 's1' },
  { type: 'discard', turn: asks, parts: ['p1'] },
  { type: 'message_start', at: 3, message: first, turn: asks, attempt: 2, run: 'run-1' },
  { type: 'step_start', turn: asks, step: 's2.1' },
  { type: 'reasoning_start', turn: asks, part: 'p2.1' },
  { type: 'reasoning', turn: asks, part: 'p2.1', data: 'Let me ' },
  { type: 'reasoning', turn: asks, part: 'p2.1', data: 'think.' },
  { type: 'reasoning_end', turn: asks, part: 'p2.1' },
  { type: 'content_start', turn: asks, part: 'p2.2' },
  { type: 'content', turn: asks, part: 'p2.2', data: 'I look ' },
  {
    type: 'message',
    at: 4,
    message: second,
    turn: fails,
    content: [
      { type: 'text', text: 'And this?' },
      { type: 'image', media_type: 'image/png', data: 'iVBORw==' },
      { type: 'file', media_type: 'application/pdf', data: 'JVBERi0=', name: 'a.pdf' },
    ],
    queued: 1,
  },
  { type: 'content', turn: asks, part: 'p2.2', data: 'around.\n' },
  { type: 'content_end', turn: asks, part: 'p2.2' },
  { type: 'tool_use_start', turn: asks, call: 'c1', tool: 'search' },
  { type: 'tool_use_input', turn: asks, call: 'c1', data: '{"for":' },
  { type: 'tool_use_input', turn: asks, call: 'c1', data: '"it"}' },
  { type: 'tool_use', turn: asks, call: 'c1', tool: 'search', input: { for: 'it' } },
  { type: 'tool_progress', turn: asks, call: 'c1', data: { done: 0.5 } },
  { type: 'tool_result', turn: asks, call: 'c1', output: { found: ['it'] }, status: 'ok' },
  { type: 'tool_use_start', turn: asks, call: 'c2', tool: 'broken' },
  { type: 'tool_use_input', turn: asks, call: 'c2', data: '{}' },
  { type: 'tool_use', turn: asks, call: 'c2', tool: 'broken', input: {} },
  { type: 'tool_result', turn: asks, call: 'c2', output: 'It broke.', status: 'error' },
  { type: 'step_end', turn: asks, step: 's2.1' },
  { type: 'custom', turn: asks, name: 'state', data: { steps: [] } },
  {
    type: 'custom',
    turn: asks,
    name: 'state_delta',
    data: [{ op: 'add', path: '/steps/-', value: 'searched' }],
  },
  { type: 'custom', turn: asks, name: 'state_delta', data: [{ op: 'invent' }] },
  { type: 'custom', turn: asks, name: 'chart', data: null },
  { type: 'step_start', turn: asks, step: 's1', ...inner },
  { type: 'content_start', turn: asks, part: 'p2.3', ...inner },
  { type: 'content', turn: asks, part: 'p2.3', data: 'Among us.', ...inner },
  { type: 'content_end', turn: asks, part: 'p2.3', ...inner },
  { type: 'tool_use_start', turn: asks, call: 'c3', tool: 'check', ...nested },
  { type: 'tool_use_input', turn: asks, call: 'c3', data: '{"a":1}', ...nested },
  { type: 'tool_use', turn: asks, call: 'c3', tool: 'check', input: { a: 1 }, ...nested },
  { type: 'tool_result', turn: asks, call: 'c3', output: 'true', status: 'ok', ...nested },
  { type: 'step_end', turn: asks, step: 's1', ...inner },
  { type: 'content_start', turn: asks, part: 'p2.4' },
  { type: 'content', turn: asks, part: 'p2.4', data: 'A secret.' },
  { type: 'content_end', turn: asks, part: 'p2.4' },
  { type: 'replace', turn: asks, part: 'p2.4', data: '[removed]' },
  { type: 'tool_use_start', turn: asks, call: 'pay', tool: 'pay' },
  { type: 'tool_use_input', turn: asks, call: 'pay', data: '{"sum":3}' },
  { type: 'tool_use', turn: asks, call: 'pay', tool: 'pay', input: { sum: 3 } },
  { type: 'tool_use_start', turn: asks, call: 'send', tool: 'send', ...inner },
  { type: 'tool_use_input', turn: asks, call: 'send', data: '{}', ...inner },
  { type: 'tool_use', turn: asks, call: 'send', tool: 'send', input: {}, ...inner },
  { type: 'approval_request', turn: asks, approval: 'a1', call: 'pay', reason: 'It costs three.' },
  {
    type: 'approval_request',
    turn: asks,
    approval: 'a2',
    call: 'send',
    reason: { message: 'Send?' },
    ...inner,
  },
  { type: 'approval_request', turn: asks, approval: 'a3', reason: { plan: 1 } },
  { type: 'tool_result', turn: asks, call: 'pay', output: null, status: 'cancelled' },
  { type: 'tool_result', turn: asks, call: 'send', output: null, status: 'cancelled', ...inner },
  {
    type: 'message_end',
    turn: asks,
    outcome: 'waiting',
    approvals: ['a1', 'a2', 'a3'],
    usage: { input_tokens: 10, output_tokens: 5 },
  },
  { type: 'approval_answer', turn: goesOn, approval: 'a1', status: 'answered', decision: true, run: 'run-2' },
  {
    type: 'approval_answer',
    turn: goesOn,
    approval: 'a2',
    status: 'answered',
    decision: false,
    run: 'run-2',
  },
  {
    type: 'approval_answer',
    turn: goesOn,
    approval: 'a3',
    status: 'answered',
    decision: 'later',
    run: 'run-2',
  },
  { type: 'message_start', at: 5, message: first, turn: goesOn, attempt: 1, resumes: asks, run: 'run-2' },
  { type: 'tool_use_start', turn: goesOn, call: 'pay', tool: 'pay' },
  { type: 'tool_use_input', turn: goesOn, call: 'pay', data: '{"sum":3}' },
  { type: 'tool_use', turn: goesOn, call: 'pay', tool: 'pay', input: { sum: 3 } },
  { type: 'tool_result', turn: goesOn, call: 'pay', output: 'paid', status: 'ok' },
  { type: 'content_start', turn: goesOn, part: 'p1' },
  { type: 'content', turn: goesOn, part: 'p1', data: 'Paid, and not sent.' },
  { type: 'content_end', turn: goesOn, part: 'p1' },
  {
    type: 'message_end',
    turn: goesOn,
    outcome: 'completed',
    reason: 'end_turn',
    usage: { input_tokens: 20, output_tokens: 5, total_tokens: 25 },
  },
  { type: 'message_start', at: 6, message: second, turn: fails, attempt: 1 },
  { type: 'content_start', turn: fails, part: 'p1' },
  { type: 'content', turn: fails, part: 'p1', data: 'It is' },
  { type: 'content_end', turn: fails, part: 'p1' },
  {
    type: 'message_end',
    turn: fails,
    outcome: 'failed',
    error: { code: 'agent_failed', message: 'The agent failed while it made this answer.' },
  },
  { type: 'message', at: 7, message: third, turn: stops, content: 'Once more.' },
  { type: 'message_start', at: 8, message: third, turn: stops, attempt: 1 },
  { type: 'tool_use_start', turn: stops, call: 'c1', tool: 'search' },
  { type: 'message', at: 9, message: fourth, turn: named('never'), content: 'Never mind.', queued: 1 },
  { type: 'cancel_request', turn: stops },
  { type: 'withdraw', message: fourth },
  { type: 'tool_result', turn: stops, call: 'c1', output: null, status: 'cancelled' },
  { type: 'message_end', turn: stops, outcome: 'cancelled' },
  { type: 'message', at: 10, message: fifth, turn: runs, content: 'Go on.' },
  { type: 'message_start', at: 11, message: fifth, turn: runs, attempt: 1 },
  { type: 'content_start', turn: runs, part: 'p1' },
  { type: 'content', turn: runs, part: 'p1', data: 'As long as ' },
];

export const richLog: readonly Entry[] = events.map((event, index) => ({
  id: toEntryId(index + 1, 'abcdef'),
  at: index,
  event,
}));

/** Returns the exchange of a turn of the log. `whole` shows the turns before it, too. */
export function exchangeOf(turn: string, options: Partial<Exchange> = {}): Exchange {
  const start = richLog.find(({ event }) => event.type === 'message_start' && event.turn === turn);
  const name = richLog.find(({ event }) => event.type === 'message' && event.turn === turn);
  const [event] = [start?.event, name?.event].filter((each) => each !== undefined);
  const message = event?.type === 'message_start' || event?.type === 'message' ? event.message : '';
  const at = richLog.findIndex((entry) => entry.event.type === 'message' && entry.event.message === message);
  return { session, thread: 'room', message, turn, from: richLog[at - 1]?.id, ...options };
}

/** Returns the frames of an exchange, by entry. */
export function framesOf(
  exchange: Exchange,
  log: readonly Entry[] = richLog,
): readonly { readonly id: string; readonly frames: readonly string[] }[] {
  const projection = openAgUi({ scope: exchange });
  const from = log.findIndex(({ id }) => id === exchange.from) + 1;
  return log.slice(from).map((entry) => ({
    id: entry.id,
    frames: projection.project(entry).map(({ data }) => data),
  }));
}

/** Returns the state of the session after an entry that passes a check, or after the last one. */
export function stateUntil(isLast: (event: SessionEvent) => boolean): SessionState {
  const at = richLog.findIndex(({ event }) => isLast(event));
  return foldEntries(emptyState(session), at < 0 ? richLog : richLog.slice(0, at + 1));
}
