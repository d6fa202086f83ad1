import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { start } from './child.ts';

/** A terminal for following a page of the docs. One shell runs blocks of lines, one after another. */
export interface Terminal {
  /** Runs lines after the earlier ones have ended. */
  run(lines: string): Promise<void>;
  /**
   * Waits until the output of the last lines is this text, where `…` stands for anything. Lines that start no
   * server must print exactly this, unless the text ends with `…`.
   */
  see(text: string): Promise<void>;
  /** Sends Ctrl-C. */
  interrupt(): Promise<void>;
  /** Waits until the lines have ended. Returns at once if they started a server. */
  end(): Promise<void>;
  /** Returns everything printed so far. */
  output(): string;
  /** Kills everything that was started in it. */
  close(): Promise<unknown>;
}

/** A block of lines: where its output starts, how far it was seen, and whether it was interrupted. */
interface Block {
  readonly lines: string;
  readonly from: number;
  seen: number;
  isInterrupted?: true;
}

// A shell without a terminal would end at Ctrl-C, so it traps SIGINT. Its programs read from /dev/null, not
// its lines.
const loop = `exec 2>&1; trap : INT; trap failed=1 ERR
while read -r file; do failed=0; . "$file" < /dev/null; echo "<end $failed>"; done`;

/** Opens a terminal in a folder. */
export function openTerminal(folder: string, env: NodeJS.ProcessEnv): Terminal {
  const shell = start('bash', ['-c', loop], { cwd: folder, env });
  const files = mkdtempSync(join(folder, '.lines-'));
  let count = 0;
  let block: Block | undefined;

  const serves = ({ lines }: Block): boolean => /heddle serve|node server/.test(lines);
  const ended = ({ from }: Block): Promise<RegExpMatchArray> =>
    shell.waitUntil((output) => output.slice(from).match(/<end (\d)>\n/) ?? undefined, 'its end');
  const end = async (): Promise<void> => {
    if (block === undefined || (serves(block) && !block.isInterrupted)) return;
    const [, failed] = await ended(block);
    if (!block.isInterrupted) expect(failed, `${block.lines}\n${shell.output().slice(block.from)}`).toBe('0');
  };

  return {
    async run(lines) {
      await end();
      const file = join(files, `${(count += 1)}.sh`);
      writeFileSync(file, lines);
      block = { lines, from: shell.output().length, seen: shell.output().length };
      shell.process.stdin?.write(`${file}\n`);
    },
    async see(text) {
      const current = block;
      if (current === undefined) throw new Error(`Nothing was run that could print ${text}`);
      const isWhole = !serves(current) && !text.endsWith('…');
      const pattern = toPattern(toShown(text, folder), isWhole);
      const since = serves(current) ? current.seen : current.from;
      const shown = (output: string): string =>
        toShown(output.slice(since).replace(/<end \d>\n$/, ''), folder);
      if (isWhole) {
        await end();
        if (!pattern.test(shown(shell.output()))) expect(shown(shell.output())).toBe(text);
      } else {
        await shell.waitUntil((output) => pattern.test(shown(output)) || undefined, text);
      }
      current.seen = shell.output().length;
    },
    async interrupt() {
      if (block === undefined) return;
      block.isInterrupted = true;
      const { pid } = shell.process;
      if (pid !== undefined) process.kill(-pid, 'SIGINT');
      await ended(block);
    },
    end,
    output: shell.output,
    close: () => shell.stop(),
  };
}

/** Replaces the parts that differ each time: names, times and folders. */
function toShown(text: string, folder: string): string {
  return text
    .replaceAll(folder, '/home/you/my-agent')
    .replace(/\b(\d+)-[A-Za-z0-9]{6}\b/g, '$1-Xy12Ab')
    .replace(/(--session=|\b\d+-\w{6}\.)[\w-]{22}/g, '$1S')
    .replace(/("(?:turn|message|session)(?:_id)?"):"[\w-]+"/g, '$1:"N"')
    .replace(/^retry: \d+$/gm, 'retry: 1000')
    .replace(/\([\d.]+ms\)/g, '(1ms)')
    .replace(/ +$/gm, '')
    .trim();
}

function toPattern(text: string, isWhole: boolean): RegExp {
  const words = text
    .replace(/\s*…$/, '')
    .replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    .replace(/^…$/gm, String.raw`[\s\S]*?`)
    .replaceAll('…', '.*?');
  return new RegExp(isWhole ? `^${words}$` : `(?:^|\n)${words}`);
}
