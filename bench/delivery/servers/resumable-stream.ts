// resumable-stream over Redis, with the calls of its readme:
// `resumable-stream.ts <keepaliveMs> <url of Redis> <first or resumed> <folder>`.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createResumableStreamContext } from 'resumable-stream';
import { listenOnPort } from './listen.ts';
import { runPeer } from './peer.ts';
import type { PeerReaders } from './peer.ts';

const [, , , redis, kind] = process.argv;
process.env['REDIS_URL'] = redis;
const context = createResumableStreamContext({ waitUntil: null });

await runPeer((readers) =>
  listenOnPort(
    createServer((request, response) => {
      void openStream(request.url ?? '/', readers).then((stream) => respond(response, stream));
    }),
  ),
);

/**
 * Creates a stream for its first reader. If `kind` is `resumed`, that reader leaves and comes back, and gets
 * its events through Redis.
 */
async function openStream(path: string, readers: PeerReaders): Promise<ReadableStream<string>> {
  const first = await context.createNewResumableStream(path, () => toModelStream(path, readers));
  if (first === null) throw new Error(`${path} has ended.`);
  if (kind === 'first') return first;
  await first.cancel();
  const resumed = await context.resumeExistingStream(path);
  if (!resumed) throw new Error(`${path} cannot be resumed.`);
  return resumed;
}

function toModelStream(path: string, readers: PeerReaders): ReadableStream<string> {
  return new ReadableStream({
    start: (controller) => void readers.add(path, ({ frame }) => controller.enqueue(frame)),
  });
}

async function respond(response: ServerResponse, stream: ReadableStream<string>): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
  for await (const text of stream) response.write(text);
  response.end();
}
