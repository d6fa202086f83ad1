import { useState } from 'react';
import { plainError } from '../app/plain-error.ts';
import { strings } from '../strings/strings.ts';
import { isUnauthorized } from './is-unauthorized.ts';
import { toKey } from './login.ts';

export interface SigningIn {
  readonly trying: boolean;
  readonly problem: string | undefined;
  /** Tries the typed text as a key. */
  readonly submit: (text: string) => void;
}

/** Signs in with typed text. `onKey` rejects when the server does not accept the key. */
export function useSigningIn(onKey: (key: string) => Promise<void>): SigningIn {
  const [trying, setTrying] = useState(false);
  const [problem, setProblem] = useState<string>();
  const attempt = async (text: string): Promise<string | undefined> => {
    const key = toKey(text);
    if (key === undefined) return strings.signInRefused;
    try {
      await onKey(key);
      return undefined;
    } catch (error) {
      return isUnauthorized(error) ? strings.signInRefused : plainError(error, strings.signInFailed);
    }
  };
  return {
    trying,
    problem,
    submit(text) {
      setTrying(true);
      setProblem(undefined);
      void attempt(text).then((found) => {
        setTrying(false);
        setProblem(found);
      });
    },
  };
}
