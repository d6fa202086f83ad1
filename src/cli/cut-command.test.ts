import { expect, test } from 'vitest';
import { cutCommand } from './cut-command.ts';

test.each([
  ['serve agent.ts --port 1', { args: ['serve', 'agent.ts', '--port', '1'] }],
  [
    'serve --port 1 -- python agent.py --port 2 -- x',
    { args: ['serve', '--port', '1'], command: ['python', 'agent.py', '--port', '2', '--', 'x'] },
  ],
  ['serve --', { args: ['serve'], command: [] }],
  ['chat -- http://here', { args: ['chat', '--', 'http://here'] }],
])('%s', (line, cut) => {
  expect(cutCommand(line.split(' '))).toEqual(cut);
});
