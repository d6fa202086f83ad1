import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** The responses of a scripted server, and the behaviour expected of the client. */
export interface ClientCase {
  readonly name: string;
  readonly source: string;
  readonly server: readonly CaseStep[];
  readonly expect: CaseExpectation;
}

interface CaseStep {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After the body: closes the connection, or holds it open. Without this field the response ends properly. */
  readonly then?: 'close' | 'hold';
  readonly every?: { readonly ms: number; readonly body: string };
}

interface CaseExpectation {
  readonly events?: readonly { readonly data: string; readonly event?: string; readonly id?: string }[];
  readonly readyState?: 'closed';
  readonly requests?: number;
  readonly errors?: number;
  readonly open?: number;
  readonly errorEventHasData?: false;
  readonly errorReadyStates?: readonly ('connecting' | 'closed')[];
  readonly requestHeaders?: readonly Readonly<Record<string, string | null>>[];
  readonly requestHeadersHex?: readonly Readonly<Record<string, string>>[];
  readonly secondRequestLacks?: string;
  readonly paths?: readonly string[];
  readonly urlProperty?: 'original';
  readonly origin?: string;
  readonly method?: 'POST';
  readonly bodies?: readonly string[];
  readonly options?: { readonly lastEventId?: string; readonly eventTimeoutMs?: number };
  readonly reconnectDelayMs?: number;
  readonly tolerance?: number;
  readonly afterMs?: number;
  readonly closeAfterMs?: number;
  readonly maxRequestsPerSecond?: number;
  readonly processAlive?: boolean;
  readonly corsPreflight?: boolean;
  readonly browserOnly?: true;
}

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Headers as the received bytes, one character each. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly at: number;
}

/** A server that plays the steps of a case, on two origins. */
export interface CaseServer extends AsyncDisposable {
  readonly url: string;
  /** The other origin, as `127.0.0.1:8001`. */
  readonly other: string;
  readonly requests: readonly SeenRequest[];
}

/**
 * Plays steps: the first request gets the first step, on either origin. After the last step there is no
 * response.
 */
export async function playCase(steps: readonly CaseStep[]): Promise<CaseServer> {
  const requests: SeenRequest[] = [];
  let other = '';
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const step = steps[requests.length];
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const { method = '', url: path = '' } = request;
      requests.push({ method, path, body: Buffer.concat(chunks).toString(), headers, at: performance.now() });
      if (step !== undefined) play(step, response, other);
    });
  };
  const servers = await Promise.all([listen(answer), listen(answer)]);
  const [first, second] = servers.map(toAddress);
  other = second ?? '';

  return {
    url: `http://${first}/`,
    other,
    requests,
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function play(
  { status, headers = {}, body = '', then, every }: CaseStep,
  response: ServerResponse,
  other: string,
): void {
  const sent = Object.entries(headers).map(([name, value]) => [
    name,
    value.replace('127.0.0.1:OTHER', other).replace('OTHER', other),
  ]);
  response.writeHead(status, Object.fromEntries(sent));
  response.flushHeaders();
  if (status !== 204) response.write(body);
  if (then !== 'hold') response.end();
  const timer = every && setInterval(() => response.write(every.body), every.ms);
  response.on('close', () => clearInterval(timer));
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function toAddress(server: Server): string {
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
