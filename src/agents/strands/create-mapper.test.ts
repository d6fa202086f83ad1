import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../protocol/index.ts';
import { createMapper } from './create-mapper.ts';

const id = fc.constantFrom('c1', 'c1', 'c2', '');
const name = fc.constantFrom('add', 'strands_structured_output');
const piece = fc.oneof(
  fc.record({ type: fc.constant('textDelta'), text: fc.string() }),
  fc.record({ type: fc.constant('reasoningContentDelta'), text: fc.string() }),
  fc.record({ type: fc.constant('toolUseInputDelta'), input: fc.string() }),
  fc.record({ type: fc.constant('citationsDelta'), content: fc.array(fc.record({ text: fc.string() })) }),
  fc.anything(),
);
const toolUse = fc.record({ type: fc.constant('toolUseBlock'), name, toolUseId: id, input: fc.jsonValue() });
const toolResult = fc.record({
  type: fc.constant('toolResultBlock'),
  toolUseId: id,
  status: fc.constantFrom('success', 'error'),
  content: fc.array(fc.record({ type: fc.constant('textBlock'), text: fc.string() })),
});
const block = fc.oneof(
  { weight: 3, arbitrary: toolUse },
  { weight: 3, arbitrary: toolResult },
  fc.record({ type: fc.constant('textBlock'), text: fc.string() }),
  fc.anything(),
);
const message = fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.array(block) });
const model = fc.oneof(
  fc.record({
    type: fc.constant('modelContentBlockStartEvent'),
    start: fc.option(fc.record({ type: fc.constant('toolUseStart'), name, toolUseId: id })),
  }),
  fc.record({ type: fc.constant('modelContentBlockDeltaEvent'), delta: piece }),
  fc.constant({ type: 'modelContentBlockStopEvent' }),
  fc.record({ type: fc.constant('modelMetadataEvent'), usage: fc.anything() }),
  fc.record({
    type: fc.constant('modelRedactionEvent'),
    outputRedaction: fc.record({ replaceContent: fc.string() }),
  }),
  fc.anything(),
);
const invocationState = fc.constant({});
const plain = fc.oneof(
  fc.constantFrom(
    ...['beforeModelCallEvent', 'afterModelCallEvent', 'afterInvocationEvent', 'interruptEvent'].map(
      (type) => ({
        type,
        invocationState: {},
      }),
    ),
  ),
  fc.record({ type: fc.constant('modelStreamUpdateEvent'), event: model, invocationState }),
  fc.record({ type: fc.constant('contentBlockEvent'), contentBlock: block, invocationState }),
  fc.record({
    type: fc.constantFrom('modelMessageEvent', 'messageAddedEvent', 'beforeToolsEvent'),
    message,
    invocationState,
  }),
  fc.record({ type: fc.constant('toolResultEvent'), result: toolResult, invocationState }),
);
const inNode = fc.record({
  type: fc.constant('nodeStreamUpdateEvent'),
  nodeId: fc.constantFrom('n1', 'n2'),
  inner: fc.record({ source: fc.constantFrom('agent', 'multiAgent', 'custom'), event: plain }),
  state: fc.anything(),
  invocationState,
});
// Most of these are events that the SDK streams, so that calls, parts and steps open and close.
const event = fc.oneof(
  { weight: 8, arbitrary: plain },
  inNode,
  fc.record({
    type: fc.constant('toolStreamUpdateEvent'),
    event: fc.record({ type: fc.constant('toolStreamEvent'), data: fc.oneof(plain, inNode, fc.anything()) }),
    invocationState,
  }),
  fc.anything(),
);
const result = fc.oneof(
  fc.record({ stopReason: fc.string(), lastMessage: message }),
  fc.record({ status: fc.constantFrom('COMPLETED', 'FAILED'), content: fc.array(block) }),
  fc.anything(),
);

test('any events in any order never throw, and never refer to a call, part or step that is not open', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), result, fc.boolean(), (events, returned, isCancelled) => {
      const mapper = createMapper({
        isCancelled: () => isCancelled,
        calls: [['c1', 'c1-2']],
        isDone: (vendorId) => vendorId === 'c2',
      });
      const said = [...events.flatMap((each) => mapper.map(each)), ...mapper.end(returned)];
      expect(faultsOf(said)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

/** Returns the breaches of the contract between an agent and the engine. */
function faultsOf(events: readonly AgentEvent[]): string[] {
  const open = new Set<string>();
  const used = new Set<string>();
  const parts = new Map<string, { open: string | undefined; standing: number; inStep: boolean }>();
  return events.flatMap((said): string[] => {
    if (typeof said === 'string') return ['a bare string'];
    const key = (said.agent ?? []).join('/');
    const part = parts.get(key) ?? { open: undefined, standing: 0, inStep: false };
    parts.set(key, part);
    switch (said.type) {
      case 'step_start':
        part.standing = 0;
        part.inStep = true;
        return [];
      case 'step_end': {
        const fault = part.inStep && part.open === undefined ? [] : ['step_end'];
        part.inStep = false;
        return fault;
      }
      case 'content_start':
      case 'reasoning_start': {
        const fault = part.open === undefined && part.inStep ? [] : [said.type];
        part.open = said.type.replace('_start', '');
        part.standing++;
        return fault;
      }
      case 'content':
      case 'reasoning':
        return part.open === said.type && said.data !== '' ? [] : [said.type];
      case 'content_end':
      case 'reasoning_end': {
        const fault = said.type.startsWith(part.open ?? '-') ? [] : [said.type];
        part.open = undefined;
        return fault;
      }
      case 'replace':
        return part.standing === 1 ? [] : ['replace'];
      case 'discard':
        part.standing = 0;
        return part.open === undefined ? [] : ['discard'];
      case 'tool_use_start': {
        const fault = used.has(said.call) ? ['a call id used twice'] : [];
        used.add(said.call);
        open.add(said.call);
        return fault;
      }
      case 'tool_use_input':
      case 'tool_use':
      case 'tool_progress':
        return open.has(said.call) ? [] : [`${said.type} ${said.call}`];
      case 'tool_result':
        return open.delete(said.call) ? [] : [`tool_result ${said.call}`];
      case 'approval_request':
      case 'custom':
      case 'stop':
      case 'usage':
      default:
        return [];
    }
  });
}
