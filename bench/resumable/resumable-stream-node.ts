// A node with the routes of resumable-stream's readme: `resumable-stream-node.ts <url of Redis>`.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createResumableStreamContext } from 'resumable-stream';
import { answerLines } from '../delivery/answer-lines.ts';
import { toPort } from '../delivery/servers/listen.ts';
import { answerOnce, toAnswerEnd } from './answer.ts';
import type { AnswerEnd } from './answer.ts';

// The package leaves the rejection of a failed model stream unhandled. Without this handler it would end the
// process.
process.on('unhandledRejection', () => {});
process.env['REDIS_URL'] = process.argv[2];
const context = createResumableStreamContext({ waitUntil: null });

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const resumeAt = Number(searchParams.get('resumeAt') ?? 0);
  const stream =
    request.method === 'POST'
      ? context.createNewResumableStream(pathname, () => toFrames(toAnswerEnd(searchParams.get('ending'))))
      : context.resumeExistingStream(pathname, resumeAt);
  // A framework does the same if a handler rejects.
  stream
    .then((found) => respond(response, found))
    .catch(() => void (response.headersSent ? response.destroy() : response.writeHead(500).end()));
});
server.listen(0, '127.0.0.1', () => {
  void answerLines({ url: `http://127.0.0.1:${toPort(server.address())}` }, () => {});
});

async function respond(
  response: ServerResponse,
  stream: ReadableStream<string> | null | undefined,
): Promise<void> {
  if (!stream) {
    response.writeHead(stream === null ? 422 : 404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  await pipeline(Readable.from(stream), response);
}

/** Returns the answer as Server-Sent Events, in the parts that the AI SDK would send. */
function toFrames(ending: AnswerEnd): ReadableStream<string> {
  const frame = (part: unknown): string => `data: ${JSON.stringify(part)}\n\n`;
  const words = answerOnce(ending);
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await words.next();
        controller.enqueue(frame(done ? { type: 'finish' } : { type: 'text-delta', delta: value }));
        if (done) controller.close();
      } catch (error) {
        if (ending !== 'tells') throw error;
        controller.enqueue(frame({ type: 'error' }));
        controller.close();
      }
    },
  });
}
