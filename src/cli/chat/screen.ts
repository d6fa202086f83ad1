import { styleText } from 'node:util';

/** The part of an output stream that chat uses. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Style = 'plain' | 'dim' | 'bold' | 'cyan' | 'red' | 'yellow';

/** Writes to a terminal or a pipe, and knows whether the cursor is at the start of a line. */
export interface Screen {
  /** Writes a piece of text that may continue on the same line. */
  text(text: string, style?: Style): void;
  /** Writes a whole line. Starts a new line first when the current one has text. */
  line(text: string, style?: Style): void;
  /** Ends the current line when it has text. */
  endLine(): void;
}

/** Creates a screen. It uses colours only on a terminal, and not when NO_COLOR is set (no-color.org). */
export function createScreen(output: Output, env: NodeJS.ProcessEnv): Screen {
  const hasColors = output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  let isAtStart = true;
  // The first half of a surrogate pair whose second half comes with the next piece.
  let half = '';

  const write = (text: string, style: Style): void => {
    if (text === '') return;
    isAtStart = text.endsWith('\n');
    output.write(hasColors && style !== 'plain' ? styleText(style, text, { validateStream: false }) : text);
  };
  const endLine = (): void => {
    if (!isAtStart) write('\n', 'plain');
  };

  return {
    text(piece, style = 'plain') {
      const text = half + piece;
      half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
      write(text.slice(0, text.length - half.length), style);
    },
    line(text, style = 'plain') {
      endLine();
      write(text, style);
      write('\n', 'plain');
    },
    endLine,
  };
}
