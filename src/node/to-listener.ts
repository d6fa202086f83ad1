import { constants } from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Answer, Server, Sink, Streamed, Whole } from '../server/index.ts';
import { toAsk } from './to-ask.ts';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
/** Called by frameworks of Express' kind for what this server has no route for. */
export type Next = (error?: unknown) => void;
export type Listener = (request: Request, response: Response, next?: Next) => void;

/** Makes a listener for `node:http`, `node:http2`, Express, or the raw side of Fastify and others. */
export function toListener(server: Pick<Server, 'handle'>): Listener {
  return (request, response, next) => {
    // A socket that breaks is told by 'close'; without a listener its error would end the process.
    response.on('error', () => {});
    void server.handle(toAsk(request)).then((answer) => {
      if (next !== undefined && isUnrouted(answer)) next();
      else if (answer.type === 'stream') stream(answer, response);
      else whole(answer, request, response);
    });
  };
}

function isUnrouted(answer: Answer): boolean {
  return answer.type === 'whole' && answer.unrouted === true;
}

function whole({ status, headers, body }: Whole, request: Request, response: Response): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // A body that was refused is not read: the connection cannot carry another request.
  if (!request.complete && request.httpVersionMajor === 1 && status >= 400)
    response.setHeader('connection', 'close');
  if (body === undefined) response.end();
  else response.end(body);
}

function stream({ status, headers, open }: Streamed, response: Response): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // Its first bytes are written in this call, and the headers go out with them.
  const stop = open(toSink(response));
  if (isGone(response)) stop();
  else response.once('close', stop);
}

function toSink(response: Response): Sink {
  return {
    write: (bytes) => {
      if (isGone(response) || response.writableEnded) return 0;
      if ('stream' in response) {
        response.write(bytes);
        return response.stream.writableLength;
      }
      response.write(bytes);
      // The response's own count stays at 0 while the socket holds megabytes.
      return response.writableLength + (response.socket?.writableLength ?? 0);
    },
    drained: (wake) => {
      const done = (): void => {
        response.off('drain', done);
        response.off('close', done);
        wake();
      };
      response.on('drain', done);
      response.on('close', done);
      if (isGone(response) || !response.writableNeedDrain) done();
    },
    close: (how) => {
      if (how === 'end') response.end();
      // Without an error code HTTP/2 calls it a proper end.
      else if ('stream' in response) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      else response.destroy();
    },
  };
}

/** Whether the other side has left: an HTTP/2 response tells it only through its stream. */
function isGone(response: Response): boolean {
  return 'stream' in response
    ? response.stream.destroyed || response.stream.closed
    : response.closed || response.destroyed;
}
