import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Answer, Server, Streamed, Whole } from '../server/index.ts';
import { toAsk } from './to-ask.ts';
import { isGone, toSink } from './to-sink.ts';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
/** Called by frameworks of Express' kind for what this server has no route for. */
export type Next = (error?: unknown) => void;
export type Listener = (request: Request, response: Response, next?: Next) => void;

/** Makes a listener for `node:http`, `node:http2`, Express, or the raw side of Fastify and others. */
export function toListener(server: Pick<Server, 'handle'>): Listener {
  return (request, response, next) => {
    // A socket that breaks is told by 'close'; without a listener its error would end the process.
    response.on('error', ignore);
    void server.handle(toAsk(request)).then((answer) => {
      if (next !== undefined && isUnrouted(answer)) next();
      else if (answer.type === 'stream') stream(answer, response);
      else whole(answer, request, response);
    });
  };
}

function ignore(): void {}

/** How long an answer that is no stream is held for a reader that does not take it, in milliseconds. */
const takeMs = 300_000;

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
  if (isGone(response)) return;
  const timer = setTimeout(() => cut(response), takeMs);
  response.once('close', () => clearTimeout(timer));
}

function cut(response: Response): void {
  if ('stream' in response) response.stream.close(constants.NGHTTP2_CANCEL);
  else response.destroy();
}

function stream({ status, headers, open }: Streamed, response: Response): void {
  // Not set one by one: a response keeps those for as long as it is open.
  if ('stream' in response) response.writeHead(status, headers);
  else response.writeHead(status, headers);
  // Its first bytes are written in this call, and the headers go out with them.
  const stop = open(toSink(response));
  if (isGone(response)) stop();
  else response.once('close', stop);
}
