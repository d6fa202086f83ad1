// The frames of a log under the schemas of the official package: each field is known, and has its type.
import {
  CallToolResultSchema,
  DiscoverResultSchema,
  ElicitRequestSchema,
  InitializeResultSchema,
  JSONRPCMessageSchema,
  ListToolsResultSchema,
  ProgressNotificationSchema,
} from '@modelcontextprotocol/core';
import { mcp } from 'heddle/dialects';
import { expect, test } from 'vitest';
import { exchangeOf, named, richLog } from '../../src/dialects/ag-ui/rich-log.fixture.ts';
import { toDiscovered, toInitialized, toToolList } from '../../src/dialects/mcp/about.ts';
import { toVariant } from '../../src/dialects/mcp/stream-name.ts';

interface Schema {
  parse(value: unknown): unknown;
}

/** Expects a value that a schema takes whole: it would leave out a field that it does not know. */
function expectStrictly(schema: Schema, value: unknown): void {
  expect(schema.parse(value)).toEqual(value);
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
  const variant = toVariant({ id: 'r-1', progress: 'p-1', era, elicits, primed: true });
  const scope = exchangeOf(named(turn), { variant });
  const projection = mcp().open({ scope });
  const from = richLog.findIndex(({ id }) => id === scope.from) + 1;
  const frames = richLog.slice(from).flatMap((entry) => projection.project(entry));
  for (const { data } of [...frames, ...projection.announce({ type: 'auth_expired' })]) {
    if (data === '') continue;
    const message = Object(JSON.parse(data));
    expectStrictly(JSONRPCMessageSchema, message);
    const { jsonrpc, id, method, params, result } = message;
    expect(jsonrpc).toBe('2.0');
    if (method === 'notifications/progress') expectStrictly(ProgressNotificationSchema, { method, params });
    else if (method === 'elicitation/create') {
      const { mode, ...form } = Object(ElicitRequestSchema.parse({ method, params })).params;
      expect(form).toEqual(params);
    } else if (result?.resultType === 'input_required')
      for (const request of Object.values(result.inputRequests)) expectStrictly(ElicitRequestSchema, request);
    else if (result !== undefined) expectStrictly(CallToolResultSchema, result);
    if (method === undefined) expect(id).toBe('r-1');
  }
});

test('the server tells about itself as MCP defines it', () => {
  const call = { era: 'legacy', version: '', method: 'initialize', elicits: false, tasks: false } as const;
  const params = { protocolVersion: '2025-11-25', capabilities: {} };
  expectStrictly(InitializeResultSchema, toInitialized(info, { ...call, params }).result);
  expectStrictly(ListToolsResultSchema, toToolList(info, 'legacy'));
  expectStrictly(ListToolsResultSchema, toToolList(info, 'modern'));
  expectStrictly(DiscoverResultSchema, toDiscovered(info));
});
