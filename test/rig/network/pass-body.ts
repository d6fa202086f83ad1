import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyEnd, BodyFaults } from './network-faults.ts';
import { shapeBody } from './shape-body.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** Passes a response on, with the faults of its body. Resolves with what the client was sent of the body. */
export async function passBody(
  source: IncomingMessage,
  response: ServerResponse,
  { status, headers }: Answer,
  faults: BodyFaults,
  acceptsGzip: boolean,
): Promise<Buffer> {
  const isZipped = faults.gzip !== undefined && acceptsGzip;
  const { 'content-length': _, ...unsized } = headers;
  const begin = (): void => {
    response.writeHead(status, isZipped ? { ...unsized, 'content-encoding': 'gzip' } : headers);
    response.flushHeaders();
  };
  if (faults.hold !== 'response') begin();

  const sent: Buffer[] = [];
  let how: BodyEnd = faults.cleanEnds ? 'clean' : 'reset';
  const toTimer = (ms: number, end: BodyEnd): NodeJS.Timeout =>
    setTimeout(() => {
      how = end;
      source.destroy(new Error('The network cut the body.'));
    }, ms);
  const { cut, idle } = faults;
  const cutting = cut && toTimer(cut.afterMs, cut.how);
  const idling = idle && toTimer(idle.ms, idle.how);
  async function* watched(): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      idling?.refresh();
      yield chunk;
    }
  }

  try {
    for await (const chunk of shapeBody(watched(), faults, acceptsGzip)) {
      if (!response.headersSent) begin();
      sent.push(chunk);
      response.write(chunk);
    }
    if (!response.headersSent) begin();
    response.end();
  } catch {
    if (!response.headersSent && how === 'clean') begin();
    if (how === 'clean') response.end();
    else response.destroy();
  } finally {
    clearTimeout(cutting);
    clearTimeout(idling);
  }
  return Buffer.concat(sent);
}
