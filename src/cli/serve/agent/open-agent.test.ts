import { expect, test } from 'vitest';
import { toAgentSource } from './open-agent.ts';

test.each([
  [undefined, { type: 'guide', name: 'the guide' }],
  ['agent.ts', { type: 'file', name: 'agent.ts' }],
  ['./http', { type: 'file', name: './http' }],
  [String.raw`C:\agents\agent.ts`, { type: 'file', name: String.raw`C:\agents\agent.ts` }],
  ['http://127.0.0.1:9000/stream', { type: 'url', name: 'http://127.0.0.1:9000/stream' }],
  ['https://ada:secret@a.example/x?key=secret', { type: 'url', name: 'https://***@a.example/x' }],
  ['unix:/run/agent.sock:/stream', { type: 'url', name: 'unix:/run/agent.sock:/stream' }],
  ['ftp://a/', { type: 'url', name: 'ftp://a/' }],
])('the argument %s', (argument, source) => {
  expect(toAgentSource(argument)).toMatchObject(source);
});
