import { isRecord } from '../../protocol/internal.ts';
import { call } from '../call.ts';
import { ClientError } from '../client-error.ts';
import type { OnConnection } from '../keep-trying.ts';
import type { Transport } from '../transport.ts';

/**
 * Requests the server's name for the caller, which means nothing to other programs. Returns undefined if the
 * server has no such names. Retries until the signal is aborted.
 */
export async function askWhoCalls(
  transport: Transport,
  signal: AbortSignal,
  onConnection: OnConnection = () => {},
): Promise<string | undefined> {
  try {
    const { caller } = await call(transport, { method: 'GET', path: '/caller' }, toCaller, {
      signal,
      tries: Infinity,
      onConnection(connection, detail) {
        if (connection === 'waiting') onConnection(connection, detail);
      },
    });
    return caller;
  } catch (error) {
    if (signal.aborted || (error instanceof ClientError && error.status === 404)) return undefined;
    throw error;
  }
}

/** Returns a transport whose requests the server refuses if the caller has changed. */
export function asCaller(caller: string, transport: Transport): Transport {
  return {
    ...transport,
    send: (ask, ...more) => {
      const mark = ask.path.includes('?') ? '&' : '?';
      return transport.send({ ...ask, path: `${ask.path}${mark}caller=${caller}` }, ...more);
    },
  };
}

function toCaller(value: unknown): { readonly caller: string } | undefined {
  if (!isRecord(value) || typeof value['caller'] !== 'string') return undefined;
  return { caller: value['caller'] };
}
