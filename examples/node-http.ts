// Heddle beside other routes of a plain node:http server.
import { createServer as createHttpServer } from 'node:http';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { createServer } from 'heddle/server';
import echo from './echo-agent.ts';

const heddle = createServer({
  agent: defineAgent({ open: () => echo }),
  store: memoryStore(),
  basePath: '/agent',
});
const listener = toListener(heddle);

const server = createHttpServer((request, response) => {
  listener(request, response, () => response.end('something else'));
});
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.error('listening on', server.address());
});
