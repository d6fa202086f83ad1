// Heddle mounted in Express, below a path. Mount it before the body parser: Express's parser limits bodies to
// 100 kB and reports errors as HTML. Heddle does both in its own way.
import express from 'express';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { createServer } from 'heddle/server';
import echo from './echo-agent.ts';

const heddle = createServer({ agent: echo, store: memoryStore() });

const app = express();
app.use('/agent', toListener(heddle));
app.use(express.json());
app.get('/', (_, response) => void response.send('something else'));

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error;
  console.error('listening on', server.address());
});

// Ends the streams, so that clients reconnect elsewhere. Gives turns 30 s to end. Then closes the store.
async function close(): Promise<void> {
  server.close();
  await heddle.close();
  server.closeAllConnections();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
