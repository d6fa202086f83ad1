import { toText } from '../../protocol/index.ts';
import type { Content, Turn } from '../../protocol/index.ts';
import { toResponses } from './approvals.ts';
import type { Memory } from './create-memory.ts';
import type { NamePair } from '../kit/index.ts';
import { pendingOf, toRemembered, toSaved } from './saved.ts';
import type { StoredMessage } from './stored-message.ts';
import type { StrandsAgentLike } from './strands-agent-like.ts';
import type { StrandsMessage } from './strands-message.ts';
import { createFailure } from '../kit/index.ts';
import { toStrandsContent } from './to-strands-content.ts';
import { alternate } from './to-strands-messages.ts';

/** How an agent is started for a turn. */
export interface StrandsStart {
  /** The input of the SDK's `stream()`. */
  readonly input: string | object;
  /** The tracking id of the last message, by which it is found in the agent's memory afterwards. */
  readonly prompt: string;
  /** The calls that the turn continues with, as pairs of the SDK's id and Heddle's name. */
  readonly calls?: readonly NamePair[];
  /** Whether the call had its result in the turn before. */
  readonly isDone?: (vendorId: string) => boolean;
}

export interface StartOptions {
  readonly agent: StrandsAgentLike;
  readonly memory: Memory | undefined;
  /** The conversation before this turn, from the log. */
  readonly messages: readonly StrandsMessage[];
  readonly turn: Turn;
  readonly snapshots: boolean;
}

/**
 * Prepares an agent for its turn: with the conversation and a new message, or from where it stopped for an
 * approval. Throws an AgentError: `approval_lost` if it cannot continue from there, `unsupported_content` for
 * a file that the SDK cannot read.
 */
export function startTurn({ agent, memory, messages, turn, snapshots }: StartOptions): StrandsStart {
  const { input, snapshot } = turn;
  if (input.type === 'answers') return resume(memory, snapshot, input.answers);
  if (agent.messages === undefined) return { input: toPrompt(input.content), prompt: '' };
  const saved = snapshots ? toSaved(snapshot) : undefined;
  const remembered = saved && toRemembered(saved);
  const before: readonly StoredMessage[] =
    remembered && memory?.fits(remembered) === true ? remembered : messages;
  return startWith([...before, { role: 'user', content: toStrandsContent(input.content) }]);
}

/**
 * Passes the conversation together with the new message. The SDK then creates its own message objects from
 * it, and puts them after the messages that the factory gave the agent.
 */
function startWith(messages: readonly StoredMessage[]): StrandsStart {
  const conversation = alternate(messages);
  const last = conversation.at(-1);
  if (last === undefined) return { input: [], prompt: '' };
  const prompt = crypto.randomUUID();
  const named = [...conversation.slice(0, -1), { ...last, trackingId: prompt }];
  return { input: named, prompt };
}

function resume(
  memory: Memory | undefined,
  snapshot: unknown,
  answers: Parameters<typeof toResponses>[1],
): StrandsStart {
  const saved = toSaved(snapshot);
  const { waiting } = saved ?? {};
  const input = waiting ? toResponses(waiting, answers) : [];
  if (memory === undefined || saved === undefined || waiting === undefined || input.length === 0)
    throw createFailure('approval_lost');
  try {
    memory.load({ ...saved, waiting });
  } catch (cause) {
    throw createFailure('approval_lost', cause);
  }
  const done = new Set(Object.keys(pendingOf(waiting).results));
  const prompt = saved.messages.findLast(({ role }) => role === 'user')?.trackingId ?? '';
  return { input, prompt, calls: waiting.calls, isDone: (vendorId) => done.has(vendorId) };
}

/** An agent without a memory (a graph, a swarm) gets only the new message. */
function toPrompt(content: Content): string | object {
  return typeof content === 'string' ? toText(content) : toStrandsContent(content);
}
