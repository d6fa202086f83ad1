// Heddle mounted in Express, below a path. It stands before the body parser, whose limit of 100 kB and whose
// errors in HTML are not Heddle's.
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

// Streams end, and their clients come back elsewhere; turns have 30 s to their end; then the store is closed.
async function close(): Promise<void> {
  server.close();
  await heddle.close();
  server.closeAllConnections();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
