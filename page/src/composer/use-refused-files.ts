import { useEffect, useState } from 'react';

export interface RefusedFiles {
  /** Whether somebody tried to add one. */
  readonly tried: boolean;
  readonly forget: () => void;
}

/** Files are not sent from here, and nobody is to think so: of one that is pasted nothing would come, and one that is dropped a browser shows in place of the page. */
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
      // What is copied out of a table or a text often comes as a picture too.
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
