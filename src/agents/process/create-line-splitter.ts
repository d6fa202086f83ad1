/** Cuts text that comes in pieces into lines. */
export interface LineSplitter {
  /** Takes the next piece. */
  push(text: string): void;
  /** Passes on the rest after the last line end, if there is one. */
  end(): void;
}

export interface LineSplitterOptions {
  /** The longest line, in UTF-16 units. */
  readonly longest: number;
  readonly onLine: (line: string) => void;
  /** Called once for a line that is too long, with its beginning. The rest of that line is left out. */
  readonly onTooLong: (beginning: string) => void;
}

/** Creates a splitter. Lines end with `\n` or `\r\n`; empty ones are left out. */
export function createLineSplitter({ longest, onLine, onTooLong }: LineSplitterOptions): LineSplitter {
  let pieces: string[] = [];
  let length = 0;
  const gather = (piece: string): void => {
    const before = length;
    length += piece.length;
    if (before > longest) return;
    pieces.push(length > longest ? piece.slice(0, longest - before) : piece);
    if (length <= longest) return;
    onTooLong(pieces.join(''));
    pieces = [];
  };
  const end = (): void => {
    const line = pieces.join('');
    const isWhole = length <= longest;
    pieces = [];
    length = 0;
    if (isWhole && line !== '' && line !== '\r') onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  return {
    push(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        gather(text.slice(from, at));
        end();
        from = at + 1;
      }
      if (from < text.length) gather(text.slice(from));
    },
    end,
  };
}
