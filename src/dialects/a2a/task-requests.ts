import { RefusalError } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { BareFrame } from '../bare-frame.ts';
import type { DialectReply } from '../dialect-reply.ts';
import type { CancelIntent, Finding, Intent, Preface, ReadIntent, StreamShow } from '../intent.ts';
import type { Webhook } from '../webhook.ts';
import { toA2aEventFrame, toA2aResultReply } from './a2a-frame.ts';
import { isTerminalState } from './a2a-objects.ts';
import type { A2aTask } from './a2a-objects.ts';
import { A2aProblem } from './a2a-problem.ts';
import type { A2aRequest } from './a2a-request.ts';
import { toA2aVariant } from './peer.ts';
import type { A2aPeer } from './peer.ts';
import { toPeerContent, readPeerMessage } from './read-message.ts';
import type { PeerMessage } from './read-message.ts';
import { readNamedDecisions, readPeerDecisions } from './read-decisions.ts';
import {
  readCountParam,
  readFlagParam,
  readObjectParam,
  readTaskParam,
  toInvalidParam,
} from './read-params.ts';
import { readPushConfig } from './push-configs.ts';
import type { TaskPlace } from './task-name.ts';
import { toA2aTask } from './to-task.ts';
import type { TaskView } from './to-task.ts';
import { toA2aWords } from './words.ts';

/** Reads a request to send a message, or to answer a task. `streams`: it is answered by a stream. */
export function readSendMessage(request: A2aRequest, streams: boolean): Intent {
  const { peer, params } = request;
  const message = readPeerMessage(params, peer.version);
  const configuration = readObjectParam(params, 'configuration');
  const webhook = readPushConfig(request, configuration);
  const historyLength = readCountParam(configuration, 'historyLength');
  const view = historyLength === undefined ? {} : { historyLength };
  const isLater =
    peer.version === '0.3'
      ? configuration['blocking'] === false
      : readFlagParam(configuration, 'returnImmediately');
  const how = { request, view, streams, isLater, ...(webhook && { webhook }) };
  return message.taskId === undefined
    ? toSend(message, how)
    : toAnswer(message, readTaskParam({ ...message }, 'taskId'), how);
}

/** Returns whether parameters have a message to a task. */
export function isAnswerToTask(params: unknown): boolean {
  const message = isRecord(params) ? params['message'] : undefined;
  return isRecord(message) && typeof message['taskId'] === 'string' && message['taskId'] !== '';
}

/** How the result of a message is wanted. */
interface SendChoice {
  readonly request: A2aRequest;
  readonly view: TaskView;
  readonly streams: boolean;
  /** The client gets the task at once, and looks at it later. */
  readonly isLater: boolean;
  readonly webhook?: Webhook;
}

function toSend({ messageId, contextId, parts }: PeerMessage, choice: SendChoice): Intent {
  const { request, streams, isLater, view, webhook } = choice;
  // As a new message it would close the very question that it answers.
  if (readNamedDecisions(parts).length > 0)
    throw toInvalidParam('message.taskId', 'is missing: an answer names the task that asked');
  const reply = (found: Finding): DialectReply =>
    toSentReply(request.peer, found, found.exchange?.message, view);
  return {
    type: 'send',
    // Without a context, a repeated request finds the one that the first request began.
    thread:
      contextId === undefined
        ? { type: 'keyed', key: `a2a ${messageId}` }
        : { type: 'named', name: contextId },
    key: messageId,
    message: { content: toPeerContent(parts), ref: messageId },
    ...(webhook && { webhook }),
    show: streams ? toStream(request, view.historyLength === 0) : { as: isLater ? 'now' : 'whole', reply },
  };
}

/** A message to a task answers what the task asks for. */
function toAnswer({ contextId, parts }: PeerMessage, task: TaskPlace, choice: SendChoice): Intent {
  const { request, streams, isLater, view, webhook } = choice;
  const { session, message } = task;
  const reply = (found: Finding): DialectReply => toSentReply(request.peer, found, message, view);
  const preface = (found: Finding): Preface =>
    toPreface(request.peer, found, requireTask(found, message, view));
  return {
    type: 'answer',
    // A task and a context that do not belong together are refused.
    thread: {
      type: 'session',
      session,
      ...(contextId !== undefined && contextId !== session && { name: contextId }),
    },
    of: { message },
    decisions: readPeerDecisions(parts),
    ...(webhook && { webhook }),
    show: streams ? toTaskStream(request, preface) : { as: isLater ? 'now' : 'whole', reply },
    pending: streams ? { as: 'stream', preface } : { as: 'now', reply },
  };
}

/** Reads a request for a task. */
export function readGetTask({ peer, params }: A2aRequest): ReadIntent {
  const { session, message } = readTaskParam(params);
  const historyLength = readCountParam(params, 'historyLength');
  const view = historyLength === undefined ? {} : { historyLength };
  return {
    type: 'read',
    thread: { type: 'session', session },
    show: { as: 'now', reply: (found) => toTaskReply(peer, requireTask(found, message, view)) },
  };
}

/** Reads a request to cancel a task. One that is canceled already stays so, and is no error. */
export function readCancelTask({ peer, params }: A2aRequest): CancelIntent {
  const { session, message } = readTaskParam(params);
  return {
    type: 'cancel',
    thread: { type: 'session', session },
    of: { message },
    show: {
      as: 'whole',
      reply(found) {
        const task = requireTask(found, message);
        const { state } = task.status;
        if (state === 'CANCELED' || !isTerminalState(state)) return toTaskReply(peer, task);
        throw new RefusalError('too_late', 'The task is over: it cannot be canceled.');
      },
    },
  };
}

/**
 * Reads a request to subscribe to a task. The stream begins with the task as it stands, and goes on with
 * exactly what comes after. Version 1.0 refuses a task that is over, and 0.3 shows it.
 */
export function readSubscribeToTask(request: A2aRequest): ReadIntent {
  const { peer, params } = request;
  const { session, message } = readTaskParam(params);
  const preface = (found: Finding): Preface => {
    const task = requireTask(found, message);
    if (isTerminalState(task.status.state) && peer.version === '1.0')
      throw new RefusalError('too_late', 'The task is over: get it.');
    return toPreface(peer, found, task);
  };
  return {
    type: 'read',
    thread: { type: 'session', session },
    of: { message },
    show: toTaskStream(request, preface),
  };
}

/** Refuses a request for a card that only authenticated clients see: there is none. */
export function readExtendedCard({ peer }: A2aRequest): never {
  throw new A2aProblem(
    peer.version === '0.3' ? 'EXTENDED_AGENT_CARD_NOT_CONFIGURED' : 'UNSUPPORTED_OPERATION',
    'This agent has one card for all clients: /.well-known/agent-card.json.',
  );
}

function toStream({ peer, after }: A2aRequest, isBrief = false): StreamShow {
  return {
    as: 'stream',
    variant: toA2aVariant({ ...peer, ...(isBrief && { isBrief }) }),
    ...(after !== undefined && { after }),
  };
}

/**
 * Streams a task that is named by its id. A client that has a frame of it gets those after it. With a
 * preface, also without frames, the server reads the state and so knows the client's own name of the context.
 */
function toTaskStream(request: A2aRequest, preface: (found: Finding) => Preface): StreamShow {
  const stream = toStream(request);
  if (stream.after === undefined) return { ...stream, after: 'state', preface };
  return {
    ...stream,
    preface({ exchange }) {
      if (exchange === undefined) throw new RefusalError('not_found');
      return { frames: [] };
    },
  };
}

/** Returns the task as the first frame. Nothing follows if the task waits or is over. */
function toPreface(peer: A2aPeer, found: Finding, task: A2aTask): Preface {
  if (isBehind(found))
    throw new RefusalError('unavailable', 'The task has gone on in this very moment: ask again.');
  const frames: readonly BareFrame[] = [toA2aEventFrame(peer, { type: 'task', task })];
  const { state } = task.status;
  return { frames, ...(state !== 'WORKING' && state !== 'SUBMITTED' && { ends: true }) };
}

/**
 * Returns whether the turn that the stream would show was followed by another one before the state was read.
 * The stream would end with the end of the former.
 */
function isBehind({ exchange, state }: Finding): boolean {
  const turns = state.messages.filter(
    ({ role, message }) => role === 'agent' && message === exchange?.message,
  );
  return turns.slice(0, -1).some(({ turn }) => turn === exchange?.turn);
}

function requireTask(found: Finding, message: string | undefined, view?: TaskView): A2aTask {
  const task = message === undefined ? undefined : toA2aTask(found, message, view);
  if (task === undefined) throw new RefusalError('not_found');
  return task;
}

function toTaskReply(peer: A2aPeer, task: A2aTask): DialectReply {
  return toA2aResultReply(peer, toA2aWords(peer.version).task(task));
}

function toSentReply(
  peer: A2aPeer,
  found: Finding,
  message: string | undefined,
  view: TaskView,
): DialectReply {
  return toA2aResultReply(peer, toA2aWords(peer.version).sent(requireTask(found, message, view)));
}
