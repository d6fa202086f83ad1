import type { A2aMessage } from './a2a-objects.ts';

/** The session and the message of a task. */
export interface TaskPlace {
  readonly session: string;
  readonly message: string;
}

/**
 * Returns the id of a task. It names its exchange without an index, and is of use to the session's owner
 * only.
 */
export function toA2aTaskId({ session, message }: TaskPlace): string {
  return `${session}.${message}`;
}

/** Reads the id of a task; undefined for a name that is not one. */
export function fromA2aTaskId(id: string): TaskPlace | undefined {
  const [, session, message] = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9]{16})$/.exec(id) ?? [];
  return session === undefined || message === undefined ? undefined : { session, message };
}

/** Returns the names of a task for its messages and updates. */
export function toTaskNames(
  place: TaskPlace & { readonly thread?: string },
): Pick<A2aMessage, 'taskId' | 'contextId'> {
  return { taskId: toA2aTaskId(place), contextId: place.thread ?? place.session };
}
