import { connect, constants } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { NoAnswerError, toPlainHeaders } from './doctor-request.ts';
import type { DoctorRequest, DoctorResponse } from './doctor-request.ts';

/** Sends requests over one HTTP/2 connection, as a browser does. A connection that has ended is replaced. */
export interface Http2Sender {
  send(request: DoctorRequest): Promise<DoctorResponse>;
  close(): void;
}

/** Creates a sender. It connects with its first request. */
export function createHttp2Sender(url: URL, insecureTls: boolean): Http2Sender {
  let session: ClientHttp2Session | undefined;
  /** An earlier one may still have streams. */
  const sessions = new Set<ClientHttp2Session>();
  const open = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = connect(url.origin, { rejectUnauthorized: !insecureTls });
    // Its requests report the error.
    session.on('error', () => {});
    sessions.add(session);
    return session;
  };
  return {
    send: ({ method, path, headers, body, withinMs, signal }) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        const stream = open().request({ ...headers, ':method': method, ':path': path }, signal && { signal });
        let isAborted = false;
        const timer = setTimeout(() => stream.destroy(new NoAnswerError(withinMs)), withinMs);
        stream.on('aborted', () => (isAborted = true));
        stream.on('error', reject);
        stream.on('close', () => {
          clearTimeout(timer);
          reject(new Error('the connection ended without an answer'));
        });
        stream.on('response', (fields) => {
          clearTimeout(timer);
          const { ':status': status = 0, ...rest } = fields;
          resolve({
            status,
            headers: toPlainHeaders(rest),
            startedAt,
            headersMs: performance.now() - startedAt,
            body: stream,
            isCut: () => isAborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR,
            leave: () => stream.close(constants.NGHTTP2_CANCEL),
          });
        });
        stream.end(body);
      }),
    close: () => {
      for (const each of sessions) each.destroy();
    },
  };
}
