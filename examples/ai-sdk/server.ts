// An agent for the page beside it: it asks before it sends an email.
import { aiSdk } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import agent from '../approval-agent.ts';

const server = createServer({
  agent: { open: () => agent },
  store: memoryStore(), // `await sqliteStore({ path: 'chats.db' })` of heddle/sqlite keeps the chats
  dialects: [aiSdk({ version: 7 })],
});
const { url } = await listen(server, { port: Number(process.env['PORT'] ?? 8000) });
console.error(`listening on ${url}`);
