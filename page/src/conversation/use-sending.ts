import { useCallback, useState } from 'react';
import type { Content } from 'heddle';
import type { SessionView } from 'heddle/react';
import { plainError } from '../app/plain-error.ts';
import { strings } from '../strings/strings.ts';

export interface Sending {
  readonly problem: string | undefined;
  /** Sends a message. It may replace an earlier one. */
  readonly send: (content: Content, replaces?: string) => Promise<void>;
}

/** Sends messages and returns the problem with the last one. */
export function useSending(send: SessionView['send']): Sending {
  const [problem, setProblem] = useState<string>();
  const sendOrTell = useCallback(
    async (content: Content, replaces?: string): Promise<void> => {
      setProblem(undefined);
      try {
        await send(content, replaces === undefined ? {} : { replaces });
      } catch (error) {
        setProblem(plainError(error, strings.errors.sending));
        throw error;
      }
    },
    [send],
  );
  return { problem, send: sendOrTell };
}
