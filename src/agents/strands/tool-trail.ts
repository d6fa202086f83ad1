import { fieldsOf, textOf } from '../kit/index.ts';

/** A tool call as the model named it. */
export interface ToolCallRef {
  readonly tool: string;
  readonly vendorId: string;
}

const trails = new WeakMap<object, readonly ToolCallRef[]>();
const observed = new WeakSet<object>();

/** Returns the calls that an event came through, the innermost first; empty if no tool was observed. */
export function trailOf(thing: unknown): readonly ToolCallRef[] {
  return (typeof thing === 'object' && thing !== null && trails.get(thing)) || [];
}

/**
 * Records, for everything that this agent's tools emit, which call emitted it. The SDK's progress events do
 * not contain this, and with two tools at work any guess from their order would be wrong at some time. Each
 * level of agents passes the same object on, so the records add up to the whole path. If the SDK's executor
 * is not as expected, nothing is recorded.
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
  // Set on the object, not on its class, because other agents share the class.
  Reflect.defineProperty(executor, 'executeTool', { value, configurable: true, writable: true });
}

/** Returns what a progress event is about: the inner agent's event it carries, otherwise the tool's own. */
function subjectOf(event: unknown): unknown {
  const { type, event: said } = fieldsOf(event);
  if (type !== 'toolStreamUpdateEvent') return event;
  const { data } = fieldsOf(said);
  return isInnerEvent(data) ? data : said;
}

/** Whether an event comes from an agent or a graph inside a tool. All those carry the invocation's state. */
export function isInnerEvent(data: unknown): boolean {
  const { type, invocationState } = fieldsOf(data);
  return typeof type === 'string' && type.endsWith('Event') && typeof invocationState === 'object';
}

function note(event: unknown, call: ToolCallRef, caller: unknown): void {
  const { type, agent } = fieldsOf(event);
  // The caller's own events around the call do not come from the tool.
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
