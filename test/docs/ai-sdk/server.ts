// server.ts
import { aiSdk } from 'heddle/dialects';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { sqliteStore } from 'heddle/sqlite';
import agent from './agent.ts';

await listen(
  createServer({
    agent: { open: () => agent },
    store: await sqliteStore({ path: 'chats.db' }),
    dialects: [aiSdk({ version: 7 })],
  }),
);
