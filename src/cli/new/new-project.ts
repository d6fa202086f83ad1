import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { ExitError } from '../serve/exit-error.ts';
import { agentKinds } from './agent-kinds.ts';
import type { AgentKind } from './agent-kinds.ts';
import { askChoices } from './ask-choices.ts';
import { readProject } from './project-files.ts';

const standardFolder = 'my-agent';

/**
 * Makes a project in a folder, and prints what to type next. At a terminal it asks for the kind of agent, if none
 * is given. Throws an ExitError if there is no terminal, if the folder is not empty, or if it cannot be written.
 */
export async function newProject(
  given: string | undefined,
  { agent }: { readonly agent?: AgentKind },
): Promise<void> {
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
  const place = relative(process.cwd(), path);
  const lines = [
    `${folder} has an agent now: ${agentKinds[kind]}.`,
    ...files.map(({ name }) => `  ${name}`),
    'Type next:',
    ...(place === '' ? [] : [`  cd ${toWord(place)}`]),
    '  npm install',
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
  return askChoices({ folder, standardFolder, input: stdin, output: stdout });
}

function checkFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) throw new ExitError(`${folder} is a file; name a folder that is new or empty.`);
  if (readdirSync(folder).length > 0)
    throw new ExitError(`The folder ${folder} is not empty; name one that is new or empty.`);
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns a path as one word of a shell. */
function toWord(path: string): string {
  return /^[\w./\\:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
