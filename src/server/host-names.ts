/**
 * A host and the port beside it, as a Host header or an origin names them; '' for the port of http and of
 * https, which need not be named.
 */
export interface Host {
  readonly name: string;
  readonly port: string;
}

/** The names a server answers to. */
export interface HostNames {
  has(host: Host | undefined): boolean;
  /** As they were given, for a sentence. */
  readonly given: readonly string[];
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];
const defaultPorts: ReadonlySet<string> = new Set(['', '80', '443']);

/**
 * Reads the option `hosts`: names, with a port or for any, `*.example.com` for all names below one, and `*`
 * for any name. Throws a TypeError with what to write instead where one is none.
 */
export function toHostNames(hosts: readonly string[]): HostNames {
  const given = [...new Set([...loopback, ...hosts])];
  // By name, its ports; none where any will do.
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
 * Reads a Host header; undefined where it names no host. Nothing is made equal but upper case and default
 * ports: browsers write a name in one way.
 */
export function toHost(header: string): Host | undefined {
  const [, name, port = ''] = /^(\[[\da-f:.%\w]+\]|[^\s:/?#@,\\[\]]+)(?::(\d{0,5}))?$/i.exec(header) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), port: toUnnamedPort(port) };
}

/** A port that need not be named is as good as none. */
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

/** All names below one that somebody owns. Below a name of one label, as `*.com`, anybody can have one. */
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
