import { isRecord } from '../../protocol/internal.ts';
import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { OpenCall } from './create-graph-calls.ts';
import type { SavedNamespace } from './saver-content.ts';
import { toSavedNamespaces } from './saver-content.ts';

/**
 * The data that this adapter saves with a turn. Other versions are not read: the log has the conversation
 * too.
 */
export interface GraphSnapshot {
  readonly version: 1;
  /** The thread of the checkpoints. A conversation that went another way has another one. */
  readonly thread: string;
  /** The checkpoint that the next turn goes on from. */
  readonly checkpoint: string;
  /** The content of the checkpointer, if it is the one that the adapter gave the factory. */
  readonly namespaces?: readonly SavedNamespace[];
  readonly waiting?: WaitingRun;
}

/** A run that stopped for approvals. */
export interface WaitingRun {
  readonly asked: readonly AskedInterrupt[];
  /** The calls without a result. The turn that goes on tells them again, under the same names. */
  readonly calls: readonly OpenCall[];
  /** The ids of the messages that were told. */
  readonly heard: readonly string[];
}

/** One approval, and where its answer goes. */
export interface AskedInterrupt {
  readonly approval: string;
  /** The graph's id of the interrupt. It may come again in a later turn. */
  readonly interrupt: string;
  /** Heddle's name of the call that waits. */
  readonly call?: string;
  /** The action of a middleware's request that the answer is about. They are answered together, in order. */
  readonly action?: ReviewedAction;
}

/** An action that `humanInTheLoopMiddleware` asks about. */
export interface ReviewedAction {
  readonly name: string;
  readonly args: unknown;
  /** The decisions that the middleware accepts. */
  readonly allowed: readonly string[];
  /** Whether the graph that asks is inside another one, which alone could be given messages. */
  readonly isInner: boolean;
}

/** Reads what a turn saved; undefined if it has another version, or is broken. */
export function toGraphSnapshot(value: unknown): GraphSnapshot | undefined {
  const { version, thread, checkpoint, namespaces, waiting } = fieldsOf(value);
  if (version !== 1 || typeof thread !== 'string' || typeof checkpoint !== 'string') return undefined;
  const content = namespaces === undefined ? undefined : toSavedNamespaces(namespaces);
  if (namespaces !== undefined && content === undefined) return undefined;
  return {
    version,
    thread,
    checkpoint,
    ...(content && { namespaces: content }),
    ...(waiting !== undefined && { waiting: toWaiting(waiting) }),
  };
}

function toWaiting(value: unknown): WaitingRun {
  const { asked, calls, heard } = fieldsOf(value);
  return {
    asked: listOf(asked).map(toAsked),
    calls: listOf(calls).map(toOpenCall),
    heard: listOf(heard).map(textOf),
  };
}

function toAsked(value: unknown): AskedInterrupt {
  const { approval, interrupt, call, action } = fieldsOf(value);
  return {
    approval: textOf(approval),
    interrupt: textOf(interrupt),
    ...(typeof call === 'string' && { call }),
    ...(isRecord(action) && { action: toAction(action) }),
  };
}

function toAction(value: unknown): ReviewedAction {
  const { name, args, allowed, isInner } = fieldsOf(value);
  return { name: textOf(name), args, allowed: listOf(allowed).map(textOf), isInner: isInner === true };
}

function toOpenCall(value: unknown): OpenCall {
  const { id, call, tool, input, path } = fieldsOf(value);
  return { id: textOf(id), call: textOf(call), tool: textOf(tool), input, path: listOf(path).map(textOf) };
}
