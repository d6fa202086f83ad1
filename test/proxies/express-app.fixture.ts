// An Express app with Heddle behind each of its body parsers, and behind a middleware that responds first. It
// runs in a process of its own, because vitest cannot load its packages.
import type { AddressInfo } from 'node:net';
import express from 'express';
import { defineAgent } from 'heddle';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { createServer } from 'heddle/server';

const agent = defineAgent({
  open: () =>
    async function* () {
      yield 'hello';
    },
});
const heddle = createServer({
  agent,
  store: memoryStore(),
  page: (path) => (path === '/' ? { type: 'whole', status: 200, headers: {}, body: 'page' } : undefined),
});
const listener = toListener(heddle);

const app = express();
app.use('/json', express.json(), listener);
app.use('/text', express.text({ type: '*/*' }), listener);
app.use('/raw', express.raw({ type: '*/*' }), listener);
// Responds while Heddle is still working, as connect-timeout does.
app.use('/impatient', (_, response, next) => {
  next();
  if (!response.headersSent) response.status(503).send('timed out');
});
app.use('/impatient', listener);

const server = app.listen(0, '127.0.0.1', () => {
  console.error('port', (server.address() as AddressInfo).port);
});
