import { useCallback, useState } from 'react';
import { toText } from 'heddle';
import type { Content, MessageState } from 'heddle';
import { client } from '../app/client.ts';
import { plainError } from '../app/plain-error.ts';
import { toRoute, toHash } from '../app/route.ts';
import { goTo } from '../app/use-route.ts';
import { strings } from '../strings/strings.ts';

/** A message on its way: `message` is its name once the server has it, so that it can be told among those of the log. */
export interface Pending {
  readonly key: string;
  readonly session: string | undefined;
  readonly text: string;
  readonly message?: string;
}

export interface Sending {
  readonly pending: readonly Pending[];
  readonly problem: string | undefined;
  /** Sends a message, which may take the place of another. */
  readonly send: (content: Content, replaces?: string) => Promise<void>;
}

/** Sends messages into a session, or into a new one, which is then shown. */
export function useSending(
  session: string | undefined,
  messages: readonly MessageState[] | undefined,
  onBegun: (session: string) => void,
): Sending {
  const [pending, setPending] = useState<readonly Pending[]>([]);
  const [problem, setProblem] = useState<string>();

  // Forgotten once it is seen in the log: there it may later give its place to another.
  const isOnItsWay = ({ message }: Pending): boolean =>
    !messages?.some((other) => other.role === 'user' && other.message === message);
  if (!pending.every(isOnItsWay)) setPending((all) => all.filter(isOnItsWay));

  const send = useCallback(
    async (content: Content, replaces?: string): Promise<void> => {
      const key = crypto.getRandomValues(new Uint32Array(4)).join('-');
      setProblem(undefined);
      setPending((others) => [...others, { key, session, text: toText(content) }]);
      try {
        const target = session === undefined ? await client.create() : client.session(session);
        const { message } = await target.send(content, { key, ...(replaces !== undefined && { replaces }) });
        setPending((others) =>
          others.map((other) => (other.key === key ? { ...other, session: target.id, message } : other)),
        );
        // Whoever looks at something else meanwhile stays there.
        if (session === undefined && toHash(toRoute(location.hash)) === toHash({ type: 'new' })) {
          onBegun(target.id);
          goTo({ type: 'session', session: target.id });
        }
      } catch (error) {
        setPending((others) => others.filter((other) => other.key !== key));
        setProblem(plainError(error, strings.errors.sending));
        throw error;
      }
    },
    [session, onBegun],
  );

  return { pending, problem, send };
}
