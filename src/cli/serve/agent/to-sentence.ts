import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../../../protocol/internal.ts';
import { describeError } from '../log/describe-error.ts';

/**
 * Returns one line about why a module does not load: the problem, its place and a hint. `files` are the
 * loaded files, oldest first.
 */
export function toSentence(error: unknown, files: readonly string[]): string {
  const missing = toMissing(error);
  if (missing !== undefined) return missing;
  const { message } = describeError(error);
  const [line = ''] = message.replace(/^\s*x\s+/, '').split('\n', 1);
  const place = findPlace(error, files);
  return `${line}${place === undefined ? '' : ` (${place})`}${toHint(error, line)}`;
}

/** Describes a missing package or file; undefined for any other error. */
function toMissing(error: unknown): string | undefined {
  const [line = ''] = describeError(error).message.split('\n', 1);
  const [, name, from] =
    /^Cannot find (?:package|module) '([^']+)'(?: imported from (\S+))?/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const by = from === undefined ? '' : `, which ${toShort(from)} imports,`;
  const isFile = /^[./]|^[a-z]:|^file:/i.test(name);
  if (!isFile) {
    const [scope = '', rest = ''] = name.split('/');
    const named = scope.startsWith('@') ? `${scope}/${rest}` : scope;
    return `the package ${named}${by} is not installed: npm install ${named}`;
  }
  const written = [`${name}.ts`, `${name}.js`, name.replace(/\.js$/, '.ts')].find((file) => existsSync(file));
  const hint = written === undefined ? '' : `, and ${toShort(written)} is: imports have the whole name`;
  return `the file ${toShort(name)}${by} is not there${hint}`;
}

/** Returns the first place in the agent's own files that an error names, for example `agent.ts:3`. */
function findPlace(error: unknown, files: readonly string[]): string | undefined {
  const stack = isRecord(error) && typeof error['stack'] === 'string' ? error['stack'] : '';
  const lines = stack.split('\n');
  for (const [index, line] of lines.entries()) {
    const [, file, number] =
      (index === 0
        ? /^((?:file:|\/|[A-Za-z]:\\).*?):(\d+)$/
        : /^\s+at (?:.*\()?((?:file:|\/|[A-Za-z]:\\).*?):(\d+)(?::\d+)?\)?$/
      ).exec(line) ?? [];
    if (file === undefined) continue;
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    if (files.includes(path)) return `${toShort(path)}:${number}`;
  }
  return error instanceof SyntaxError ? findSyntaxError(files, lines) : undefined;
}

/**
 * Returns where a module's syntax is broken. Node prints that place only on the terminal, so this checks the
 * files again.
 */
function findSyntaxError(files: readonly string[], lines: readonly string[]): string | undefined {
  for (const file of files.toReversed()) {
    if (file.endsWith('ts')) {
      // The form in which Node before 22.18 reports TypeScript errors.
      const [, number] = /,-\[(\d+):/.exec(lines.join('\n')) ?? [];
      if (number !== undefined) return `${toShort(file)}:${number}`;
    } else {
      const input = readFileSync(file, 'utf8');
      const asked = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
        input,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const [, number] = /^\[stdin\]:(\d+)$/m.exec(asked.stderr) ?? [];
      if (number !== undefined) return `${toShort(file)}:${number}`;
    }
  }
  return undefined;
}

function toHint(error: unknown, line: string): string {
  if (isRecord(error) && error['code'] === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return '; Node takes types away and compiles nothing: write it without, or compile the file first';
  if (/outside a module|Unexpected token 'export'/.test(line)) return '; name the file .mjs or .mts';
  return '';
}

function toShort(file: string): string {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
