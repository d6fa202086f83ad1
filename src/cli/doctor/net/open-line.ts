import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DoctorRequest, DoctorResponse } from './doctor-request.ts';
import { createHttp2Sender } from './send-http2.ts';
import { sendHttp1 } from './send-http1.ts';
import { within } from './within.ts';

/** The way to a server, as far as a connection shows it. */
export interface DoctorLine {
  readonly version: 'HTTP/1.1' | 'HTTP/2';
  /** `TLSv1.3` and the like; undefined without TLS. */
  readonly tls?: string;
  /** When the certificate ends, in milliseconds since 1970. */
  readonly certificateUntil?: number;
  send(request: DoctorRequest): Promise<DoctorResponse>;
  /**
   * Sends a request over HTTP/1.1 on a connection of its own. A proxy that refuses a request may close an
   * HTTP/2 connection with all its streams.
   */
  sendAlone(request: DoctorRequest): Promise<DoctorResponse>;
  close(): void;
}

/** A server could not be reached. Its message is one sentence. */
export class UnreachableError extends Error {
  readonly fault: 'unreachable' | 'certificate';
  constructor(fault: UnreachableError['fault'], message: string) {
    super(message);
    this.fault = fault;
  }
}

export interface OpenLineOptions {
  readonly insecureTls: boolean;
  readonly withinMs: number;
}

/**
 * Connects to the server of a URL once, and returns the way to it: HTTP/2 where the server offers it. Throws
 * an UnreachableError.
 */
export async function openLine(url: URL, options: OpenLineOptions): Promise<DoctorLine> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isNamed = isIP(host) !== 0 || (await within(hasAddress(host), options.withinMs, 'late'));
  if (isNamed === 'late')
    throw new UnreachableError('unreachable', `the name ${host} was not looked up in time`);
  if (!isNamed) throw new UnreachableError('unreachable', `the name ${host} has no address`);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return url.protocol === 'https:'
    ? openSecure(url, host, port, options)
    : openPlain(url, host, port, options);
}

async function hasAddress(host: string): Promise<boolean> {
  return lookup(host).then(
    () => true,
    () => false,
  );
}

/** Sends requests over HTTP/1.1 until it is closed. */
function createHttp1Sender(url: URL, insecureTls: boolean): Pick<DoctorLine, 'send' | 'close'> {
  const closing = new AbortController();
  return {
    send: ({ signal, ...request }) =>
      sendHttp1(
        url,
        { ...request, signal: AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]) },
        insecureTls,
      ),
    close: () => closing.abort(),
  };
}

async function openPlain(
  url: URL,
  host: string,
  port: number,
  { withinMs }: OpenLineOptions,
): Promise<DoctorLine> {
  await new Promise<void>((resolve, reject) => {
    const socket = connectTcp({ host, port });
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(toUnreachable(error, host, port));
      else resolve();
    };
    const timer = setTimeout(() => settle(new Error('no connection in time')), withinMs);
    socket.once('connect', () => settle());
    socket.once('error', settle);
  });
  const { send, close } = createHttp1Sender(url, false);
  return { version: 'HTTP/1.1', send, sendAlone: send, close };
}

async function openSecure(
  url: URL,
  host: string,
  port: number,
  { insecureTls, withinMs }: OpenLineOptions,
): Promise<DoctorLine> {
  const facts = await new Promise<{ alpn: string; tls: string; until: number }>((resolve, reject) => {
    const socket = connectTls({
      host,
      port,
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: !insecureTls,
      ...(!isIP(host) && { servername: host }),
    });
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      const alpn = socket.alpnProtocol || 'http/1.1';
      const tls = socket.getProtocol() ?? 'TLS';
      const until = Date.parse(socket.getPeerCertificate()?.valid_to ?? '');
      socket.destroy();
      if (error) reject(toUnreachable(error, host, port));
      else resolve({ alpn, tls, until });
    };
    const timer = setTimeout(() => settle(new Error('no TLS connection in time')), withinMs);
    socket.once('secureConnect', () => settle());
    socket.once('error', settle);
  });
  const { alpn, tls, until: certificateUntil } = facts;
  const alone = createHttp1Sender(url, insecureTls);
  const shared = { tls, certificateUntil, sendAlone: alone.send };
  if (alpn !== 'h2') return { ...shared, ...alone, version: 'HTTP/1.1' };
  const { send, close } = createHttp2Sender(url, insecureTls);
  return {
    ...shared,
    version: 'HTTP/2',
    send,
    close: () => {
      close();
      alone.close();
    },
  };
}

const certificateWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is of an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server does not send the whole chain of its certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is of an authority that this machine does not know',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
};

function toUnreachable(error: Error, host: string, port: number): UnreachableError {
  const code = 'code' in error ? String(error.code) : '';
  const certificate = certificateWords[code];
  if (certificate !== undefined)
    return new UnreachableError('certificate', `${certificate}; --insecure-tls goes on all the same`);
  if (code === 'ECONNREFUSED')
    return new UnreachableError('unreachable', `nothing listens on ${host}, port ${port}`);
  if (/WRONG_VERSION|EPROTO/.test(code))
    return new UnreachableError('unreachable', `${host}, port ${port}, does not speak TLS; try http://`);
  return new UnreachableError('unreachable', `no connection to ${host}, port ${port}: ${error.message}`);
}
