import { useCallback, useContext, useSyncExternalStore } from 'react';
import { DraftsContext } from './drafts-context.ts';

export interface Draft {
  /** Undefined when there is no draft. */
  readonly text: string | undefined;
  readonly change: (to: (text: string) => string | undefined) => void;
}

/** Returns the draft of a name and a function that changes it. */
export function useDraft(name: string): Draft {
  const drafts = useContext(DraftsContext);
  const get = (): string | undefined => drafts.get(name);
  const change = useCallback<Draft['change']>((to) => drafts.change(name, to), [drafts, name]);
  return { text: useSyncExternalStore(drafts.subscribe, get, get), change };
}
