import { toAgent } from 'heddle';
import { has, isRecord, toAgentEvents } from '../../../protocol/internal.ts';
import type { Agent } from 'heddle';
import { ExitError } from '../exit-error.ts';
import { answerByResult } from './answer-by-result.ts';
import type { AnyFactory } from './answer-by-result.ts';
import { toInstead } from './to-instead.ts';
import { tryFactory } from './try-factory.ts';
import type { Trial } from './try-factory.ts';
import type { Vendor } from './vendor.ts';

export interface RecogniseOptions {
  /** The file of the agent, as the user wrote it. */
  readonly path: string;
  /** The vendors, in the order in which they are tried. They are loaded only when they are needed. */
  readonly loadVendors: () => Promise<readonly Vendor[]>;
  /** Called with a sentence when it is known which adapter is taken, at the start or in the first turn. */
  readonly say: (sentence: string) => void;
  readonly warn: (sentence: string) => void;
}

/**
 * Makes an agent of the default export of a module: an agent of Heddle or of a vendor, a function that makes
 * one, or a function that answers a turn. The result of a function is known only when it is called, so it is
 * called once without a turn (decision 027). Throws an ExitError or a TypeError that says what the value is
 * and what is taken.
 */
export async function recogniseAgent(exported: unknown, options: RecogniseOptions): Promise<Agent> {
  const { path, loadVendors, say, warn } = options;
  // An agent of Heddle, and a value that cannot be an agent, need no adapter.
  if (has(exported, 'open') || isGenerator(exported) || Object(exported) !== exported)
    return toAgent(exported);
  const vendors = await loadVendors();
  const sayMakes = ({ name, door }: Vendor): void =>
    say(`${path} makes agents of ${name}: ${door} takes them`);
  if (!isFactory(exported)) {
    const vendor = vendors.find(({ is }) => is(exported));
    if (vendor === undefined) return refuse(exported, () => toAgent(exported));
    if (!vendor.isShared(exported)) {
      throw new ExitError(
        `The default export of ${path} is one agent of ${vendor.name}, which cannot work on many turns at once. Export a function that makes one: ${vendor.example}`,
      );
    }
    say(`${path} is an agent of ${vendor.name}: ${vendor.door} takes it`);
    return vendor.adapt(() => exported);
  }

  // A class is refused, and not called.
  toAgent(exported);
  const trial = await tryFactory(exported);
  const instead = trial.type === 'reads' ? toInstead(trial.field, vendors) : undefined;
  if (instead !== undefined) throw new ExitError(`${path} does not work. ${instead}`);
  const vendor = findVendor(trial, vendors);
  if (vendor) {
    sayMakes(vendor);
    return vendor.adapt(exported);
  }
  if (trial.type === 'made') {
    const { made } = trial;
    if (has(made, 'open')) return toAgent(made);
    // A response may be one of success or not, another time.
    if (!has(made, 'arrayBuffer'))
      refuse(made, () => (typeof made === 'function' ? toAgent(made) : toAgentEvents(made)));
  } else if (trial.type === 'failed') {
    warn(`${path} fails without a turn, and is called again in each: ${toReason(trial.error)}`);
  } else say(`${path} is a function: its first turn shows which adapter takes what it returns`);
  return answerByResult(exported, vendors, sayMakes);
}

function findVendor(trial: Trial, vendors: readonly Vendor[]): Vendor | undefined {
  if (trial.type === 'reads') return vendors.find(({ fields }) => fields.includes(trial.field));
  return trial.type === 'made' ? vendors.find(({ is }) => is(trial.made)) : undefined;
}

/** Adds to the TypeError of a value that is no agent what else is taken. */
function refuse<Result>(value: unknown, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Such a value has the methods of an agent of Strands, which it is not.
    if (isRecord(value) && value['lc_runnable'] === true) {
      throw new TypeError(
        'It gave an object with stream(): a model or a chain of LangChain. Give createAgent({ model, tools: [] }), which makes an agent of LangGraph.',
        { cause: error },
      );
    }
    throw new TypeError(
      `${error.message}${toHint(value)} A function may also make an agent of Strands, the AI SDK, the OpenAI Agents SDK or LangGraph.`,
      { cause: error },
    );
  }
}

function toHint(value: unknown): string {
  const isGraph = has(value, 'addNode') && has(value, 'compile');
  return isGraph ? ' A graph of LangGraph is compiled first: graph.compile().' : '';
}

function isFactory(value: unknown): value is AnyFactory {
  return typeof value === 'function';
}

/** Whether a value is a function of which nothing runs before its answer is read. */
function isGenerator(value: unknown): boolean {
  return Object.prototype.toString.call(value).endsWith('GeneratorFunction]');
}

function toReason(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return line;
}
