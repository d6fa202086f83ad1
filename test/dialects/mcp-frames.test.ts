// The frames of a log under the schemas of the official package: each field is known, and has its type.
import { specTypeSchemas } from '@modelcontextprotocol/client';
import { mcp } from 'heddle/dialects';
import { expect, test } from 'vitest';
import { exchangeOf, named, richLog } from '../../src/dialects/ag-ui/rich-log.fixture.ts';
import { toDiscovered, toInitialized, toToolList } from '../../src/dialects/mcp/about.ts';
import { toMcpVariant } from '../../src/dialects/mcp/stream-name.ts';

type SpecName = 'JSONRPCMessage' | 'ProgressNotification' | 'ElicitRequest' | 'CallToolResult';
type AboutName = 'InitializeResult' | 'ListToolsResult' | 'DiscoverResult';

/** Returns a value as its schema takes it. Throws if it does not. */
function parse(name: SpecName | AboutName, value: unknown): unknown {
  const result = specTypeSchemas[name]['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('These schemas answer at once.');
  expect(result.issues).toBeUndefined();
  return 'value' in result ? result.value : undefined;
}

/** Expects a value that a schema takes whole: it would leave out a field that it does not know. */
function expectStrictly(name: SpecName | AboutName, value: unknown): void {
  expect(parse(name, value)).toEqual(value);
}

const info = { name: 'heddle', title: 'Ask', version: '1.0.0', description: 'Asks.' };

test.each(
  ['asks', 'goesOn', 'fails', 'stops', 'never', 'runs'].flatMap((turn) =>
    [
      { era: 'legacy', elicits: false },
      { era: 'legacy', elicits: true },
      { era: 'modern', elicits: false },
      { era: 'modern', elicits: true },
    ].map(({ era, elicits }) => ({
      turn,
      era: era === 'legacy' ? ('legacy' as const) : ('modern' as const),
      elicits,
    })),
  ),
)('every frame of turn $turn is one of MCP: $era, elicits $elicits', ({ turn, era, elicits }) => {
  const variant = toMcpVariant({ id: 'r-1', progress: 'p-1', era, elicits, primed: true });
  const scope = exchangeOf(named(turn), { variant });
  const projection = mcp().open({ scope });
  const from = richLog.findIndex(({ id }) => id === scope.from) + 1;
  const frames = richLog.slice(from).flatMap((entry) => projection.project(entry));
  for (const { data } of [...frames, ...projection.announce({ type: 'auth_expired' })]) {
    if (data === '') continue;
    const message = Object(JSON.parse(data));
    expectStrictly('JSONRPCMessage', message);
    const { jsonrpc, id, method, params, result } = message;
    expect(jsonrpc).toBe('2.0');
    if (method === 'notifications/progress') expectStrictly('ProgressNotification', { method, params });
    else if (method === 'elicitation/create') {
      const { mode, ...form } = Object(parse('ElicitRequest', { method, params })).params;
      expect(form).toEqual(params);
    } else if (result?.resultType === 'input_required')
      for (const request of Object.values(result.inputRequests)) expectStrictly('ElicitRequest', request);
    else if (result !== undefined) expectStrictly('CallToolResult', result);
    if (method === undefined) expect(id).toBe('r-1');
  }
});

test('the server tells about itself as MCP defines it', () => {
  const call = { era: 'legacy', version: '', method: 'initialize', elicits: false, tasks: false } as const;
  const params = { protocolVersion: '2025-11-25', capabilities: {} };
  expectStrictly('InitializeResult', toInitialized(info, { ...call, params }).result);
  expectStrictly('ListToolsResult', toToolList(info, 'legacy'));
  expectStrictly('ListToolsResult', toToolList(info, 'modern'));
  expectStrictly('DiscoverResult', toDiscovered(info));
});
