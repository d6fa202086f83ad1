import { toAgent } from 'heddle';
import { has, isPromise, toAgentEvents } from '../../../protocol/internal.ts';
import type { Agent, AgentEvent, OpenSession, Turn } from 'heddle';
import { toInstead } from './to-instead.ts';
import type { Vendor } from './vendor.ts';

/** A function that may make an agent, or answer the turn itself. */
export type AnyFactory = (context: Record<string, unknown>) => unknown;

/** A turn of a session. */
interface Asked {
  readonly session: OpenSession;
  readonly turn: Turn;
}

/**
 * Makes an agent of a function that nothing is known about before it has returned something. Each turn calls
 * it, and its result decides: an agent of a vendor or of Heddle works on the turn, a function answers it, and
 * anything else is the answer. `onVendor` is called once with each vendor that is found.
 */
export function answerByResult(
  factory: AnyFactory,
  vendors: readonly Vendor[],
  onVendor: (vendor: Vendor) => void,
): Agent {
  const found = new Set<Vendor>();
  const note = (vendor: Vendor): void => {
    if (!found.has(vendor)) onVendor(vendor);
    found.add(vendor);
  };

  const answerMade = (made: unknown, asked: Asked, isLast = false): AsyncIterable<AgentEvent> => {
    if (isPromise(made)) return toAgentEvents(made.then((each) => answerMade(each, asked, isLast)));
    const vendor = vendors.find(({ is }) => is(made));
    if (vendor) {
      note(vendor);
      const adapted = vendor.adapt(() => made);
      return answerWith(adapted, asked);
    }
    if (has(made, 'open')) return answerWith(toAgent(made), asked);
    if (!isFunction(made) || isLast) return toAgentEvents(made);
    return answerMade(made({ ...asked.session, ...asked.turn }), asked, true);
  };

  /** The adapter that gives the function a field which it has read. */
  let known: Agent | Promise<Agent> | undefined;
  return {
    open: (session) => (turn) => {
      const asked = { session, turn };
      if (known) return answerWith(known, asked);
      const { context, reader } = withTraps({ ...session, ...turn }, vendors);
      // The adapter calls the function again, in this turn and in all later ones.
      const again = (error: unknown): AsyncIterable<AgentEvent> => {
        const vendor = reader();
        if (vendor === undefined) throw error;
        note(vendor);
        known ??= vendor.adapt(factory);
        return answerWith(known, asked);
      };
      try {
        const made = factory(context);
        return isPromise(made)
          ? toAgentEvents(made.then((each) => answerMade(each, asked), again))
          : answerMade(made, asked);
      } catch (error) {
        return again(error);
      }
    },
  };
}

/**
 * Adds the fields to a context that only the adapter of one vendor has. Reading one throws, and `reader` then
 * returns that vendor. A copy of the context does not read them.
 */
function withTraps(
  context: Record<string, unknown>,
  vendors: readonly Vendor[],
): { readonly context: Record<string, unknown>; readonly reader: () => Vendor | undefined } {
  let read: Vendor | undefined;
  for (const vendor of vendors) {
    // The first vendor of two that have the same field is meant, as in `findVendor`.
    for (const field of vendor.fields.filter((each) => !Object.hasOwn(context, each))) {
      const get = (): never => {
        read = vendor;
        throw new Error(`${field} is a field of the context for ${vendor.name}.`);
      };
      Object.defineProperty(context, field, { get, enumerable: false });
    }
  }
  for (const field of vendors.flatMap(({ instead = {} }) => Object.keys(instead))) {
    if (Object.hasOwn(context, field)) continue;
    const get = (): never => {
      throw new TypeError(toInstead(field, vendors));
    };
    Object.defineProperty(context, field, { get, enumerable: false });
  }
  return { context, reader: () => read };
}

function answerWith(agent: Agent | Promise<Agent>, { session, turn }: Asked): AsyncIterable<AgentEvent> {
  if (!(agent instanceof Promise)) return agent.open(session)(turn);
  return toAgentEvents(agent.then((each) => each.open(session)(turn)));
}

function isFunction(value: unknown): value is AnyFactory {
  return typeof value === 'function';
}
