import { startTransition, useEffect, useState } from 'react';
import { createColouring } from './colouring.ts';
import type { Colouring } from './colouring.ts';

/** Returns the colours of a code block once its grammar is loaded; undefined without one. */
export function useColouring(language: string | undefined): Colouring | undefined {
  const [loaded, setLoaded] = useState<{ readonly of: string; readonly colouring: Colouring }>();
  useEffect(() => {
    if (language === undefined) return;
    let isLeft = false;
    void load(language).then((colouring) => {
      // React colours the groups of many blocks one by one, and does what is urgent between them.
      if (!isLeft && colouring !== undefined) startTransition(() => setLoaded({ of: language, colouring }));
    });
    return () => {
      isLeft = true;
    };
  }, [language]);
  return loaded?.of === language ? loaded?.colouring : undefined;
}

async function load(language: string): Promise<Colouring | undefined> {
  try {
    const { loadGrammar } = await import('./grammar.ts');
    const grammar = await loadGrammar(language);
    return grammar && createColouring(grammar);
  } catch {
    // Offline. The code stays as it is.
    return undefined;
  }
}
