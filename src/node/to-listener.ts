import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Reply, Server, Sink, StreamReply, WholeReply } from '../server/index.ts';
import { toServerRequest } from './to-server-request.ts';
import { createRefusedBodies } from './refused-bodies.ts';
import type { RefusedBodies } from './refused-bodies.ts';
import { SocketSink } from './socket-sink.ts';
import { takeSocket } from './take-socket.ts';
import { isBare, isGone, toSink } from './to-sink.ts';

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
  const bodies = createRefusedBodies();
  return (request, response, next) => {
    // A broken socket is reported by 'close'. Without this listener its error would end the process.
    response.on('error', ignore);
    void answer({ server, bodies }, request, response, next);
  };
}

function ignore(): void {}

/**
 * The time that a response that is not a stream waits for a client that does not read it, in milliseconds.
 */
const takeMs = 300_000;

/** Answers a request. Never rejects, because no caller would catch it. */
async function answer(
  { server, bodies }: { readonly server: RequestHandler; readonly bodies: RefusedBodies },
  request: Request,
  response: Response,
  next?: Next,
): Promise<void> {
  try {
    const reply = await server.handle(toServerRequest(request, response));
    if (isTaken(response)) leave(reply);
    else if (next !== undefined && isUnrouted(reply)) next();
    else if (reply.type === 'stream') stream(reply, response);
    else whole(reply, bodies, request, response);
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

function whole(reply: WholeReply, bodies: RefusedBodies, request: Request, response: Response): void {
  const { status, body = '' } = reply;
  response.statusCode = status;
  for (const [name, value] of Object.entries(toHeaders(reply, response))) response.setHeader(name, value);
  if (request.complete || status < 400) response.end(body);
  else if ('stream' in response) refuseOverHttp2(response, body, bodies, request);
  else refuse(response, body, bodies, request);
  if (isGone(response)) return;
  const timer = setTimeout(() => cut(response), takeMs);
  response.once('close', () => clearTimeout(timer));
}

/** A middleware that compresses has named its coding already, and that one holds. */
function toHeaders({ headers }: Reply, response: Response): Reply['headers'] {
  const { 'content-encoding': coding, ...others } = headers;
  return coding === 'identity' && response.hasHeader('content-encoding') ? others : headers;
}

/** Refuses a request whose body is still arriving. The connection cannot carry another request. */
function refuse(
  response: ServerResponse,
  body: string | Uint8Array,
  bodies: RefusedBodies,
  request: Request,
): void {
  response.setHeader('connection', 'close');
  // Node closes the connection when the response ends. So it is sent with its length, and ends later.
  const isSent = isBare(response) && bodies.readOn(request, () => response.end());
  if (!isSent) return void response.end(body);
  response.setHeader('content-length', Buffer.byteLength(body));
  if (body.length > 0) response.write(body);
  else response.flushHeaders();
}

/** The same over HTTP/2, where the response ends by itself. A body that goes on is reset without an error. */
function refuseOverHttp2(
  response: Http2ServerResponse,
  body: string | Uint8Array,
  bodies: RefusedBodies,
  request: Request,
): void {
  const { stream } = response;
  const reset = (): void => {
    if (!request.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  };
  response.end(body);
  if (!bodies.readOn(request, reset)) response.once('finish', reset);
}

function stream(streamed: StreamReply, response: Response): void {
  const { status, isLasting } = streamed;
  const headers = toHeaders(streamed, response);
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
