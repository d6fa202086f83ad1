import { useCallback, useState } from 'react';

export interface Drafts {
  readonly text: string;
  readonly change: (to: (text: string) => string) => void;
  /** A conversation got its name: what was half written in it moves along. */
  readonly rename: (from: string, to: string) => void;
}

/** What is written but not sent, for each conversation apart. */
export function useDrafts(name: string): Drafts {
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const change = useCallback<Drafts['change']>(
    (to) => setDrafts((all) => ({ ...all, [name]: to(all[name] ?? '') })),
    [name],
  );
  const rename = useCallback<Drafts['rename']>(
    (from, to) => setDrafts(({ [from]: text = '', ...others }) => ({ ...others, [to]: text })),
    [],
  );
  return { text: drafts[name] ?? '', change, rename };
}
