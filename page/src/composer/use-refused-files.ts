import { useEffect, useState } from 'react';

export interface RefusedFiles {
  /** Whether the user tried to add a file. */
  readonly tried: boolean;
  readonly forget: () => void;
}

/**
 * Refuses files and reports the attempt, because the composer cannot send them. Otherwise a pasted file would
 * do nothing, and the browser would show a dropped file in place of the page.
 */
export function useRefusedFiles(): RefusedFiles {
  const [tried, setTried] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const onDrag = (event: DragEvent): void => {
      if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      if (event.type === 'drop') setTried(true);
      else event.dataTransfer.dropEffect = 'none';
    };
    const onPaste = ({ clipboardData }: ClipboardEvent): void => {
      // Text copied from a table or document often comes with a picture too.
      const types = clipboardData?.types ?? [];
      if (types.includes('Files') && !types.includes('text/plain')) setTried(true);
    };
    document.addEventListener('dragover', onDrag, { signal });
    document.addEventListener('drop', onDrag, { signal });
    document.addEventListener('paste', onPaste, { signal });
    return () => listening.abort();
  }, []);
  return { tried, forget: () => setTried(false) };
}
