/**
 * A host and its port, as a Host header or an origin names them. The port is '' for 80 and 443, the default
 * ports of http and https.
 */
export interface Host {
  readonly name: string;
  readonly port: string;
}

/** The host names that a server answers to. */
export interface HostNames {
  has(host: Host | undefined): boolean;
  /** The names as they were given, for messages. */
  readonly given: readonly string[];
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];
const defaultPorts: ReadonlySet<string> = new Set(['', '80', '443']);

/**
 * Reads the option `hosts`: names with one port or for any port, `*.example.com` for all names below it, and
 * `*` for any name. The names in `always` are added. Throws a TypeError if a name is invalid, with the right
 * form in its message.
 */
export function toHostNames(hosts: readonly string[], always: readonly string[] = loopback): HostNames {
  const given = [...new Set([...always, ...hosts])];
  // Maps a name to its ports; undefined allows any port.
  const ports = new Map<string, Set<string> | undefined>();
  const suffixes: string[] = [];
  for (const text of given) {
    if (text === '*') continue;
    if (text.startsWith('*')) {
      suffixes.push(toSuffix(text));
      continue;
    }
    const { name, port } = toName(text);
    const known = ports.get(name);
    if (port === undefined || (ports.has(name) && known === undefined)) ports.set(name, undefined);
    else ports.set(name, new Set([...(known ?? []), port]));
  }
  const isAny = given.includes('*');
  return {
    given,
    has: (host) => {
      if (isAny) return true;
      if (host === undefined) return false;
      const { name, port } = host;
      if (ports.has(name)) return ports.get(name)?.has(port) ?? true;
      return suffixes.some((suffix) => name.endsWith(suffix) && name.length > suffix.length);
    },
  };
}

/**
 * Parses a Host header. Returns undefined if it names no host. It normalizes only upper case and default
 * ports, because browsers write a name in one way.
 */
export function toHost(header: string): Host | undefined {
  const [, name, port = ''] = /^(\[[\da-f:.%\w]+\]|[^\s:/?#@,\\[\]]+)(?::(\d{0,5}))?$/i.exec(header) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), port: toUnnamedPort(port) };
}

/** Returns '' for a default port. */
export function toUnnamedPort(port: string): string {
  return defaultPorts.has(port) ? '' : port;
}

function toName(text: string): { readonly name: string; readonly port: string | undefined } {
  const host = toHost(text);
  // As browsers write it: `bücher.example` is `xn--bcher-kva.example`.
  const name =
    host && (URL.parse(`http://${host.name}`)?.hostname ?? (host.name.startsWith('[') && host.name));
  if (!host || !name || text.includes('*'))
    throw new TypeError(`hosts: "${text}" is not a host name; write it like ${suggest(text)}.`);
  return { name, port: /:\d+$/.test(text) && !text.endsWith(']') ? host.port : undefined };
}

/**
 * Returns the suffix for all names below a name. A name of one label is refused, because anyone can register
 * a name below `*.com`.
 */
function toSuffix(text: string): string {
  const name = text.slice(2);
  if (!text.startsWith('*.') || name.includes('*') || !/^[^.:]+(\.[^.:]+)+$/.test(name))
    throw new TypeError(
      `hosts: "${text}" is not taken; a star stands for all names below one, like *.example.com, or alone for any name.`,
    );
  return `.${toName(name).name}`;
}

function suggest(text: string): string {
  const host = URL.parse(text.includes('://') ? text : `http://[${text}]`)?.host;
  return host === undefined || host === '' ? 'example.com or example.com:8443' : host;
}
