import { useCallback, useContext, useSyncExternalStore } from 'react';
import { DraftsContext } from './drafts-context.ts';

export interface Draft {
  /** Undefined where nothing was begun. */
  readonly text: string | undefined;
  readonly change: (to: (text: string) => string | undefined) => void;
}

/** What is written under a name but not sent. */
export function useDraft(name: string): Draft {
  const drafts = useContext(DraftsContext);
  const get = (): string | undefined => drafts.get(name);
  const change = useCallback<Draft['change']>((to) => drafts.change(name, to), [drafts, name]);
  return { text: useSyncExternalStore(drafts.subscribe, get, get), change };
}
