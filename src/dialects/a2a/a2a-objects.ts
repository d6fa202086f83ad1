import type { Outcome } from '../../protocol/index.ts';

/** Any further facts. Programs that do not know them leave them out. */
export type A2aFacts = Readonly<Record<string, unknown>>;

/** A state of a task. On the wire of version 1.0 it has the prefix `TASK_STATE_`. */
export type A2aTaskState =
  | 'SUBMITTED'
  | 'WORKING'
  | 'INPUT_REQUIRED'
  | 'AUTH_REQUIRED'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELED'
  | 'REJECTED';

export const taskStates: readonly A2aTaskState[] = [
  'SUBMITTED',
  'WORKING',
  'INPUT_REQUIRED',
  'AUTH_REQUIRED',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'REJECTED',
];

/** The states of turns that have ended for good. */
export const endStates: Readonly<Record<Exclude<Outcome, 'waiting'>, A2aTaskState>> = {
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELED',
};

export type A2aPart =
  | { readonly text: string }
  | { readonly data: unknown }
  | { readonly raw: string; readonly mediaType: string; readonly filename?: string };

export interface A2aMessage {
  readonly messageId: string;
  readonly contextId: string;
  readonly taskId: string;
  readonly role: 'USER' | 'AGENT';
  readonly parts: readonly A2aPart[];
}

export interface A2aTaskStatus {
  readonly state: A2aTaskState;
  readonly message?: A2aMessage;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** One part of the agent's text. */
export interface A2aArtifact {
  readonly artifactId: string;
  readonly text: string;
  /** The path of the inner agent that says it. */
  readonly agent?: readonly string[];
}

/** An exchange as clients of A2A see it. */
export interface A2aTask {
  readonly id: string;
  readonly contextId: string;
  readonly status: A2aTaskStatus;
  readonly artifacts?: readonly A2aArtifact[];
  readonly history?: readonly A2aMessage[];
  readonly metadata?: A2aFacts;
}

/** The names of a task. */
export type TaskNames = Pick<A2aMessage, 'taskId' | 'contextId'>;

/** An event of a stream. It is put into the words of a version when it is sent. */
export type A2aEvent =
  | { readonly type: 'task'; readonly task: A2aTask }
  | (TaskNames & { readonly type: 'status'; readonly status: A2aTaskStatus; readonly metadata?: A2aFacts })
  | (TaskNames & {
      readonly type: 'artifact';
      readonly artifact: A2aArtifact;
      /** Whether the text comes after the text that the artifact has, and does not replace it. */
      readonly isAppended?: true;
      readonly isLast?: true;
    });

/** Returns whether a task in this state never changes again. */
export function isTerminalState(state: A2aTaskState): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'CANCELED' || state === 'REJECTED';
}
