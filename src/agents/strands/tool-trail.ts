import { fieldsOf, textOf } from './fields.ts';

/** A tool call as the model named it. */
export interface ToolCallRef {
  readonly tool: string;
  readonly vendorId: string;
}

const trails = new WeakMap<object, readonly ToolCallRef[]>();
const observed = new WeakSet<object>();

/** The calls something came out of, innermost first; empty where nobody watched. */
export function trailOf(thing: unknown): readonly ToolCallRef[] {
  return (typeof thing === 'object' && thing !== null && trails.get(thing)) || [];
}

/**
 * Notes for everything a tool of this agent says which call says it, because the SDK's progress events do not tell: with two
 * tools at work, any guess from their order would be wrong some time. Each level of agents passes the same object on, so the
 * notes add up to the way out. Where the SDK's executor looks otherwise than expected, nothing is noted.
 */
export function observeTools(agent: object): void {
  const executor: unknown = Reflect.get(agent, 'toolExecutor');
  if (typeof executor !== 'object' || executor === null || observed.has(executor)) return;
  const executeTool: unknown = Reflect.get(executor, 'executeTool');
  if (typeof executeTool !== 'function') return;
  observed.add(executor);
  const value = async function* (...args: readonly unknown[]): AsyncGenerator<unknown, unknown, undefined> {
    const [options, block] = args;
    const call = { tool: textOf(fieldsOf(block)['name']), vendorId: textOf(fieldsOf(block)['toolUseId']) };
    const caller = fieldsOf(options)['agent'];
    const events: unknown = Reflect.apply(executeTool, executor, args);
    if (!isGenerator(events)) return undefined;
    try {
      for (;;) {
        const next = await events.next();
        if (next.done === true) return next.value;
        note(next.value, call, caller);
        yield next.value;
      }
    } finally {
      await events.return(undefined);
    }
  };
  // On the object, not on its class: a class is shared with agents that are none of ours.
  Reflect.defineProperty(executor, 'executeTool', { value, configurable: true, writable: true });
}

/** What a progress event is about: the inner agent's event it carries, else the tool's own. */
function subjectOf(event: unknown): unknown {
  const { type, event: said } = fieldsOf(event);
  if (type !== 'toolStreamUpdateEvent') return event;
  const { data } = fieldsOf(said);
  return isInnerEvent(data) ? data : said;
}

/** Whether a tool passed on an event of an agent or a graph that works inside it: all of those carry the invocation's state. */
export function isInnerEvent(data: unknown): boolean {
  const { type, invocationState } = fieldsOf(data);
  return typeof type === 'string' && type.endsWith('Event') && typeof invocationState === 'object';
}

function note(event: unknown, call: ToolCallRef, caller: unknown): void {
  const { type, agent } = fieldsOf(event);
  // The caller's own events around the call are not said by the tool.
  if (type !== 'toolStreamUpdateEvent' && agent === caller) return;
  const subject = subjectOf(event);
  if (typeof subject !== 'object' || subject === null) return;
  const trail = trailOf(subject);
  const last = trail.at(-1);
  if (last?.vendorId === call.vendorId && last.tool === call.tool) return;
  trails.set(subject, [...trail, call]);
}

function isGenerator(value: unknown): value is AsyncGenerator<unknown, unknown, undefined> {
  return typeof value === 'object' && value !== null && 'next' in value && 'return' in value;
}
