import { styleText } from 'node:util';

/** The part of an output stream that chat uses. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Style = 'plain' | 'dim' | 'bold' | 'cyan' | 'red' | 'yellow';

/** Writes to a terminal or a pipe, and knows whether it stands at the beginning of a line. */
export interface Screen {
  /** Writes a piece of running text. */
  text(text: string, style?: Style): void;
  /** Writes a whole line, beginning a new one where needed. */
  line(text: string, style?: Style): void;
  /** Ends the line that is begun, if one is. */
  endLine(): void;
}

/** Makes a screen. There are colours only on a terminal, and not where NO_COLOR is set (no-color.org). */
export function createScreen(output: Output, env: NodeJS.ProcessEnv): Screen {
  const hasColors = output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  let isAtStart = true;
  // The first half of a character whose second half comes with the next piece.
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
