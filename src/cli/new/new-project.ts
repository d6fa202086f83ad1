import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { ExitError } from '../serve/exit-error.ts';
import { agentKinds } from './agent-kinds.ts';
import type { AgentKind } from './agent-kinds.ts';
import { askChoices } from './ask-choices.ts';
import { findOrigin } from './find-origin.ts';
import { readProject } from './project-files.ts';

const standardFolder = 'my-agent';

/**
 * Makes a project in a folder, and prints what to type next. At a terminal it asks for the kind of agent, if
 * none is given. Throws an ExitError if there is no terminal, if the folder is not empty, or if it cannot be
 * written.
 */
export async function newProject(
  written: string | undefined,
  { agent }: { readonly agent?: AgentKind },
): Promise<void> {
  // An empty text is a variable of the shell that is not set.
  const given = written || undefined;
  if (given !== undefined) checkFolder(given);
  const { folder, kind } =
    agent === undefined ? await choose(given) : { folder: given ?? standardFolder, kind: agent };
  checkFolder(folder);
  const path = resolve(folder);
  const files = readProject(kind, basename(path) || standardFolder, packageRoot);
  try {
    mkdirSync(path, { recursive: true });
    for (const { name, text } of files) writeFileSync(join(path, name), text, { flag: 'wx' });
  } catch (error) {
    throw new ExitError(`${folder} cannot be written: ${toReason(error)}`);
  }
  const origin = findOrigin(packageRoot);
  const lines = [
    `${folder} has an agent now: ${agentKinds[kind]}.`,
    ...files.map(({ name }) => `  ${name}`),
    'Type next:',
    ...(path === process.cwd() ? [] : [`  cd ${toWord(folder)}`]),
    `  npm install${origin === undefined ? '' : ` ${toWord(origin)}`}`,
    '  npm start',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function choose(folder: string | undefined): Promise<{ folder: string; kind: AgentKind }> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    const kinds = Object.keys(agentKinds).join(', ');
    throw new ExitError(
      `heddle new asks for the kind of agent, and there is no terminal. Write --agent with one of ${kinds}.`,
    );
  }
  return askChoices({ folder, standardFolder, checkFolder, input: stdin, output: stdout });
}

/** The names that a folder may have and still count as empty: git and the system write them unseen. */
const unseen: readonly string[] = ['.git', '.DS_Store'];

function checkFolder(folder: string): void {
  const names = readFolder(folder);
  if (names.some((name) => !unseen.includes(name)))
    throw new ExitError(`The folder ${folder} is not empty; name one that is new or empty.`);
}

function readFolder(folder: string): readonly string[] {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory() !== false) return found === undefined ? [] : readdirSync(folder);
  } catch (error) {
    throw new ExitError(`${folder} cannot be read: ${toReason(error)}`);
  }
  throw new ExitError(`${folder} is a file; name a folder that is new or empty.`);
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns a path as one word of a shell. */
function toWord(path: string): string {
  return /^[\w./\\:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
