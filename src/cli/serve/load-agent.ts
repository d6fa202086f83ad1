import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineAgent, isRecord } from 'heddle';
import type { Agent, AgentEvent, Turn } from 'heddle';
import { strands } from 'heddle/agents/strands';
import type { StrandsFactory } from 'heddle/agents/strands';
import { ExitError } from './exit-error.ts';

type Generator = (turn: Turn) => AsyncIterable<AgentEvent>;

/**
 * Loads a user's module and makes an agent of its default export: an async generator function, a factory for a Strands agent, or an
 * agent. Throws an ExitError that says what is wrong with it.
 */
export async function loadAgent(path: string): Promise<Agent> {
  const file = resolve(path);
  if (!existsSync(file)) throw new ExitError(`There is no agent file ${path}.`);
  const module: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new ExitError(`The agent file ${path} does not load: ${firstLine(error)}`);
  });
  const exported =
    isRecord(module) || typeof module === 'object' ? Reflect.get(Object(module), 'default') : undefined;
  if (isGenerator(exported)) return defineAgent({ open: () => exported });
  if (isFactory(exported)) return strands(exported);
  if (isAgent(exported)) return defineAgent(exported);
  throw new ExitError(
    `The agent file ${path} has no default export that is an async generator function, a factory for a Strands agent, or an agent.`,
  );
}

function isGenerator(value: unknown): value is Generator {
  return (
    typeof value === 'function' && Object.prototype.toString.call(value) === '[object AsyncGeneratorFunction]'
  );
}

function isFactory(value: unknown): value is StrandsFactory {
  return typeof value === 'function';
}

function isAgent(value: unknown): value is Agent {
  return isRecord(value) && typeof value['open'] === 'function';
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
