import { connect } from 'node:net';
import type { NetConnectOpts } from 'node:net';
import type { Agent } from 'heddle';
import { remote } from 'heddle/agents/remote';
import type { RemoteFormatName } from 'heddle/agents/remote';
import { httpFetch } from 'heddle/node';
import { ExitError } from '../exit-error.ts';

/** The options of `heddle serve` for an agent behind a URL. */
export interface RemoteFlags {
  readonly format?: RemoteFormatName;
  readonly model?: string;
  readonly instructions?: string;
  readonly idempotent?: boolean;
  /** Each is `name: value`. */
  readonly header: readonly string[];
}

interface Around {
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (text: string) => void;
}

/**
 * Opens an agent behind a URL. Throws an ExitError if the URL or a flag is not valid. If nothing listens there at
 * the start, it warns: the agent may start later than Heddle.
 */
export function openRemote(
  { name, url }: { readonly name: string; readonly url: string },
  { header, ...flags }: RemoteFlags,
  { env, warn }: Around,
): Agent {
  const token = env['HEDDLE_AGENT_TOKEN']?.trim() ?? '';
  const headers = {
    ...Object.fromEntries(header.map(toHeader)),
    ...(token !== '' && { authorization: `Bearer ${token}` }),
  };
  try {
    const agent = remote({ ...pickFlags(flags), url, headers, fetch: httpFetch });
    const start = async (): Promise<void> => {
      const code = await findRefusal(url);
      if (code !== undefined)
        warn(`nothing answers at ${name} yet (${code}): turns fail with upstream_unreachable until it does`);
    };
    return { ...agent, start };
  } catch (error) {
    throw error instanceof TypeError ? new ExitError(error.message) : error;
  }
}

/** The options of a command have more fields than these. */
function pickFlags({ format, model, instructions, idempotent }: Omit<RemoteFlags, 'header'>) {
  return {
    ...(format !== undefined && { format }),
    ...(model !== undefined && { model }),
    ...(instructions !== undefined && { instructions }),
    ...(idempotent !== undefined && { idempotent }),
  };
}

/** Credentials are refused: every user of the machine can read a command line. */
function toHeader(text: string): readonly [string, string] {
  const [, name = '', value = ''] = /^([\w-]+):\s*(\S.*)$/.exec(text.trim()) ?? [];
  if (name === '') throw new ExitError(`--header takes name: value, and not ${JSON.stringify(text)}.`);
  if (/^(authorization|proxy-authorization|cookie)$/i.test(name))
    throw new ExitError(`--header does not take ${name}; set HEDDLE_AGENT_TOKEN, or write a module.`);
  return [name.toLowerCase(), value];
}

/** How long a connection may take, in milliseconds. */
const connectMs = 1_000;

/** Returns the code of a connection that is refused; undefined if something listens, or if that is not known. */
async function findRefusal(text: string): Promise<string | undefined> {
  const socket = connect(toPlace(new URL(text)));
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  socket.setTimeout(connectMs, () => resolve(undefined));
  socket.once('connect', () => resolve(undefined));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  const code = await promise;
  socket.destroy();
  return code;
}

function toPlace({ protocol, hostname, port, pathname }: URL): NetConnectOpts {
  if (protocol === 'unix:') return { path: decodeURIComponent(pathname).split(/:(?=\/)/, 1)[0] ?? '' };
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}
