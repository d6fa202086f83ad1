import { has, isRecord } from '../../../protocol/internal.ts';
import { aiSdkAgent, isAiSdkAgent } from 'heddle/agents/ai-sdk';
import type { AiSdkFactory } from 'heddle/agents/ai-sdk';
import { isLanggraph, langgraph } from 'heddle/agents/langgraph';
import type { LanggraphFactory, LanggraphOptions } from 'heddle/agents/langgraph';
import { isOpenaiAgent, openaiAgents } from 'heddle/agents/openai-agents';
import type { OpenaiFactory, OpenaiRunnerLike, OpenaiRunStateLike } from 'heddle/agents/openai-agents';
import { strands } from 'heddle/agents/strands';
import type { StrandsFactory } from 'heddle/agents/strands';
import { importAgentsPackage } from './agents-package.ts';
import { packages } from './hooks.ts';
import type { Vendor } from './vendor.ts';

/**
 * Returns all vendors, in the order in which a value is tried: agents of Strands have little that the others
 * do not have. `file` is the agent's, from where packages are found.
 */
export function loadVendors(file: string): readonly Vendor[] {
  return [createAiSdkVendor(), createOpenaiVendor(file), createLanggraphVendor(file), createStrandsVendor()];
}

/**
 * Returns whether the agent has loaded a package. On Node 22.13 and 22.14 that is not known, and is false.
 */
function isLoaded(name: string): boolean {
  return packages.get(name) !== undefined;
}

function createAiSdkVendor(): Vendor {
  const example = 'export default ({ call }) => streamText({ …, ...call })';
  const isAlone = isLoaded('ai') && !isLoaded('@langchain/langgraph') && !isLoaded('@strands-agents/sdk');
  return {
    name: 'the AI SDK',
    door: 'heddle/agents/ai-sdk',
    fields: ['call'],
    // The other adapters have messages, too.
    instead: isAlone ? { messages: example } : {},
    example,
    // The result of streamText() is one answer, and can be read once.
    isShared: (value) => !(isRecord(value) && 'fullStream' in value),
    is: isAiSdkAgent,
    adapt: (factory) => aiSdkAgent(toFactory(factory)),
  };
}

interface OpenaiClasses {
  readonly Runner: new () => OpenaiRunnerLike;
  readonly RunState: OpenaiRunStateLike;
}

function createOpenaiVendor(file: string): Vendor {
  return {
    name: 'the OpenAI Agents SDK',
    door: 'heddle/agents/openai-agents',
    fields: ['onStream', 'progress'],
    example: 'export default () => new Agent({ … })',
    isShared: () => true,
    is: (value) => isOpenaiAgent(value) || (isRecord(value) && isOpenaiAgent(value['agent'])),
    adapt: async (given) => {
      const { Runner, RunState } = await importAgentsPackage<OpenaiClasses>('@openai/agents', file);
      const [factory, runner] = [toFactory(given), new Runner()];
      return openaiAgents(async (context) => {
        const made = await factory(context);
        return { runner, RunState, ...('agent' in made ? made : { agent: made }) };
      });
    },
  };
}

type GraphClasses = Pick<LanggraphOptions, 'Command' | 'MemorySaver'>;

function createLanggraphVendor(file: string): Vendor {
  const name = '@langchain/langgraph';
  return {
    name: 'LangGraph',
    door: 'heddle/agents/langgraph',
    // The adapter of Strands has messages, too.
    fields: ['checkpointer', ...(isLoaded(name) ? ['messages'] : [])],
    example: 'export default () => graph',
    isShared: () => true,
    is: isLanggraph,
    adapt: async (factory) => {
      const { Command, MemorySaver } = await importAgentsPackage<GraphClasses>(name, file);
      return langgraph(toFactory(factory), { Command, MemorySaver });
    },
  };
}

function createStrandsVendor(): Vendor {
  const isAnother = [...packages.keys()].some((name) => name !== '@strands-agents/sdk' && isLoaded(name));
  return {
    name: 'Strands',
    door: 'heddle/agents/strands',
    fields: isAnother && !isLoaded('@strands-agents/sdk') ? [] : ['messages'],
    example: 'export default () => new Agent({ … })',
    isShared: () => false,
    // An agent has its messages, and a graph, a swarm or an agent elsewhere can be invoked. So can everything
    // of LangChain, and a chain or a model is no agent.
    is: (value) =>
      has(value, 'stream') &&
      !has(value, Symbol.asyncIterator) &&
      isRecord(value) &&
      (Array.isArray(value['messages']) || (has(value, 'invoke') && value['lc_runnable'] !== true)),
    adapt: (factory) => strands(toFactory(factory)),
  };
}

type EveryFactory = AiSdkFactory & LanggraphFactory & OpenaiFactory & StrandsFactory;

/** Only the adapter can check what a function returns, and it does so in each turn. */
function toFactory(value: unknown): EveryFactory {
  if (isFactory(value)) return value;
  throw new TypeError('An adapter takes a function.');
}

function isFactory(value: unknown): value is EveryFactory {
  return typeof value === 'function';
}
