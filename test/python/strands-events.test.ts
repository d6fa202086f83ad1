// The rows of the table of Strands' events that the contract does not reach.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const program = `import json, sys, heddle_strands
print(json.dumps([heddle_strands.to_events(event) for event in json.load(sys.stdin)]))`;

function toEvents(events: readonly object[]): unknown {
  const output = execFileSync('/usr/bin/python3', ['-c', program], {
    input: JSON.stringify(events),
    env: { ...process.env, PYTHONPATH: 'examples/python', PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(String(output));
}

const use = { toolUseId: 'c1', name: 'writer', input: {} };

test('inner agents, graphs, hand-offs, redactions and silent events', () => {
  const rows: readonly (readonly [object, readonly object[]])[] = [
    [{ init_event_loop: true }, []],
    [{ force_stop: true, force_stop_reason: 'secret' }, []],
    [{ current_tool_use: use, delta: {} }, []],
    [{ event: { contentBlockDelta: { delta: { text: 'said in data' } } } }, []],
    [
      { event: { contentBlockStart: { start: { toolUse: use } } } },
      [{ type: 'tool_use_start', call: 'c1', tool: 'writer' }],
    ],
    [
      { event: { redactContent: { redactAssistantContentMessage: '[removed]' } } },
      [{ type: 'replace', data: '[removed]' }],
    ],
    [
      { tool_stream_event: { tool_use: use, data: { done: 1 } } },
      [{ type: 'tool_progress', call: 'c1', data: { done: 1 } }],
    ],
    [
      { tool_stream_event: { tool_use: use, data: { data: 'Hi' } } },
      [{ type: 'content', data: 'Hi', agent: ['writer'] }],
    ],
    [{ tool_stream_event: { tool_use: use, data: { init_event_loop: true } } }, []],
    [
      { type: 'multiagent_node_stream', node_id: 'a', event: { data: 'Hi' } },
      [{ type: 'content', data: 'Hi', agent: ['a'] }],
    ],
    [
      { type: 'multiagent_handoff', from_node_ids: ['a'], to_node_ids: ['b'] },
      [{ type: 'custom', name: 'handoff', data: { from: ['a'], to: ['b'] } }],
    ],
    [
      {
        message: {
          role: 'user',
          content: [
            {
              toolResult: { toolUseId: 'c1', status: 'error', content: [{ json: { n: 1 } }, { text: 'x' }] },
            },
          ],
        },
      },
      [{ type: 'tool_result', call: 'c1', output: [{ n: 1 }, 'x'], status: 'error' }],
    ],
  ];
  expect(toEvents(rows.map(([event]) => event))).toEqual(rows.map(([, told]) => told));
});
