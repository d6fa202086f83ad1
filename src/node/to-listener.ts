import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Reply, Server, Sink, StreamReply, WholeReply } from '../server/index.ts';
import { toServerRequest } from './to-server-request.ts';
import { SocketSink } from './socket-sink.ts';
import { takeSocket } from './take-socket.ts';
import { isGone, toSink } from './to-sink.ts';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
/** The `next` of Express and similar frameworks, called when this server has no route for the path. */
export type Next = (error?: unknown) => void;
export type NodeListener = (request: Request, response: Response, next?: Next) => void;
type RequestHandler = Pick<Server, 'handle'> & Partial<Pick<Server, 'tell'>>;

/**
 * Creates a listener for `node:http`, `node:http2`, Express, or the raw side of Fastify and other frameworks.
 * If other code answers a request meanwhile, such as a middleware with a timeout, its response wins.
 */
export function toListener(server: RequestHandler): NodeListener {
  return (request, response, next) => {
    // A broken socket is reported by 'close'. Without this listener its error would end the process.
    response.on('error', ignore);
    void answer(server, request, response, next);
  };
}

function ignore(): void {}

/**
 * The time that a response that is not a stream waits for a client that does not read it, in milliseconds.
 */
const takeMs = 300_000;

/** Answers a request. Never rejects, because no caller would catch it. */
async function answer(
  server: RequestHandler,
  request: Request,
  response: Response,
  next?: Next,
): Promise<void> {
  try {
    const reply = await server.handle(toServerRequest(request, response));
    if (isTaken(response)) leave(reply);
    else if (next !== undefined && isUnrouted(reply)) next();
    else if (reply.type === 'stream') stream(reply, response);
    else whole(reply, request, response);
  } catch (error) {
    server.tell?.(error);
    fail(response);
  }
}

/**
 * Returns whether the response can no longer be answered: other code has answered, or the client has left.
 */
function isTaken(response: Response): boolean {
  return response.headersSent || response.writableEnded || isGone(response);
}

function isUnrouted(reply: Reply): boolean {
  return reply.type === 'whole' && reply.unrouted === true;
}

function whole({ status, headers, body }: WholeReply, request: Request, response: Response): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // The body of a refused request is not read, so the connection cannot carry another request.
  if (!request.complete && request.httpVersionMajor === 1 && status >= 400)
    response.setHeader('connection', 'close');
  if (body === undefined) response.end();
  else response.end(body);
  if (isGone(response)) return;
  const timer = setTimeout(() => cut(response), takeMs);
  response.once('close', () => clearTimeout(timer));
}

function stream(streamed: StreamReply, response: Response): void {
  const { status, headers, isLasting } = streamed;
  let socket: Socket | undefined;
  try {
    if (isLasting && !('stream' in response)) socket = takeSocket(response, headers);
    // Headers that are set one by one stay in memory as long as the response is open.
    if ('stream' in response) response.writeHead(status, headers);
    else if (socket === undefined) response.writeHead(status, headers);
  } catch (error) {
    leave(streamed);
    throw error;
  }
  if (socket !== undefined) return openOnSocket(streamed, socket);
  // `open` writes its first bytes within this call, and the headers go out with them.
  const stop = streamed.open(toSink(response));
  if (isGone(response)) stop();
  else response.once('close', stop);
}

/** Opens a stream on a socket that the HTTP server no longer has. */
function openOnSocket({ open }: StreamReply, socket: Socket): void {
  let stop: (() => void) | undefined;
  try {
    stop = open(new SocketSink(socket));
  } finally {
    // No other code has the socket.
    if (stop === undefined) socket.destroy();
  }
  if (socket.destroyed) return stop();
  socket.on('close', stop);
  // The connection ends with this response, so further requests of the client are read and dropped. Without
  // reading, the server would not notice that the client leaves.
  socket.on('end', leaveClient);
  socket.resume();
}

function leaveClient(this: Socket): void {
  this.destroy();
}

const nowhere: Sink = { write: () => {}, held: 0, drained: (wake) => wake(), close: () => {} };

/**
 * Drops a reply that no client reads. A stream is still opened and stopped, because that runs its request and
 * frees its count.
 */
function leave(reply: Reply): void {
  if (reply.type === 'stream') reply.open(nowhere)();
}

/** Ends a response that could not be answered. */
function fail(response: Response): void {
  try {
    if (isTaken(response)) return cut(response);
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.statusCode = 500;
    response.end();
  } catch {
    cut(response);
  }
}

function cut(response: Response): void {
  if ('stream' in response) response.stream.close(constants.NGHTTP2_CANCEL);
  else response.destroy();
}
