// The server of Durable Streams with its file-backed store: `durable-streams.ts <keepaliveMs> <folder>`.
import { DurableStreamTestServer, FileBackedStreamStore } from '@durable-streams/server';
import { answerLines } from '../answer-lines.ts';

// The server logs each append of more than 50 ms to stdout, which is for the answers here.
Object.assign(console, { info: () => {} });
const server = new DurableStreamTestServer({ port: 0 });
// The server's own option `dataDir` makes a store that keeps 100 files open. If more streams are written at
// once, it closes files under their writers, and their appends fail.
const store = new FileBackedStreamStore({ dataDir: process.argv[3] ?? '.', maxFileHandles: 10_000 });
Object.defineProperty(server, 'store', { value: store });
const url = await server.start();
await answerLines({ port: Number(new URL(url).port) }, () => {});
