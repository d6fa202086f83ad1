import * as http from 'node:http';
import * as https from 'node:https';
import { NoAnswerError, toPlainHeaders } from './doctor-request.ts';
import type { DoctorRequest, DoctorResponse } from './doctor-request.ts';

/** Sends a request over HTTP/1.1, on a connection of its own. */
export function sendHttp1(
  url: URL,
  { method, path, headers, body, withinMs, signal }: DoctorRequest,
  insecureTls: boolean,
): Promise<DoctorResponse> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? undefined : url.port,
      method,
      path,
      agent: false,
      ...(signal && { signal }),
      headers: {
        ...headers,
        host: url.host,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      },
      ...(url.protocol === 'https:' && { rejectUnauthorized: !insecureTls }),
    });
    const timer = setTimeout(() => sent.destroy(new NoAnswerError(withinMs)), withinMs);
    sent.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      reject(new Error(`the answer has status ${response.statusCode}`));
    });
    sent.on('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection ended without an answer'));
    });
    sent.on('response', (response) => {
      clearTimeout(timer);
      resolve({
        status: response.statusCode ?? 0,
        headers: toPlainHeaders(response.headers),
        startedAt,
        headersMs: performance.now() - startedAt,
        body: response,
        isCut: () => !response.complete,
        leave: () => void response.destroy(),
      });
    });
    sent.end(body);
  });
}
