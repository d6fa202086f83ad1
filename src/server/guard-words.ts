import { toHost } from './host-names.ts';
import type { HostNames } from './host-names.ts';

const passHost = 'let it pass Host on unchanged (nginx: proxy_set_header Host $http_host)';

/**
 * Returns the sentence for a wrong host name: the name, the names that the server answers to, and the option
 * that allows it.
 */
export function tellHost(header: string, { given }: HostNames): string {
  const name = toPlain(toHost(header)?.name ?? header);
  const names = given.length > 6 ? [...given.slice(0, 6), '…'] : given;
  const cure =
    name === ''
      ? `If a proxy is in between, ${passHost}.`
      : `If that is its name, set --allow-host ${name}, or hosts: ['${name}'] of createServer.`;
  return `This server does not answer to the host name "${name}"; it answers to ${names.join(', ')}. ${cure}`;
}

/** The origin that a browser sent, and what the request says about it. */
export interface RequestOrigin {
  readonly origin: string;
  /** The host of the origin. */
  readonly name: string | undefined;
  readonly host: string;
  readonly site: string | undefined;
}

/** Returns the sentence for a wrong origin: the page, the reason, and the option that allows it. */
export function tellOrigin({ origin, name, host, site }: RequestOrigin): string {
  const page = toPlain(origin);
  const allow = `--allow-origin ${page}, or origins: ['${page}'] of createServer`;
  if (page === 'null' || page === '')
    return `The page sent no usable origin (Origin: ${page}). It is a file, a sandboxed frame, or was redirected from another site. Such pages are refused.`;
  if (name === undefined)
    return `The page is from ${page}, which is not an allowed origin. If it may use this server: ${allow}.`;
  if (site === 'same-origin')
    return `The page is from ${page}, and this server does not have that name. If it should: --allow-host ${name}, or hosts: ['${name}'] of createServer.`;
  if (site === 'same-site' || site === 'cross-site')
    return `The page is from ${page}, which is another origin than this server's (Sec-Fetch-Site: ${site}). If it may use it: ${allow}.`;
  return `The page is from ${page}, and the request came for the host "${toPlain(host)}". If a proxy is in between, ${passHost}. If the page is from another server and may use this one: ${allow}.`;
}

/** Returns the sentence for a page of another site that sent no origin. */
export function tellSite(site: string): string {
  return `The request is from a page of another site (Sec-Fetch-Site: ${toPlain(site)}) and sent no Origin. If it may use this server, allow its origin with --allow-origin or origins, and send the request with fetch or EventSource.`;
}

export const noPage =
  'A request with a login cookie must name its page, and it has neither Origin nor Sec-Fetch-Site. If a proxy removes these headers, let it pass them on. A program should use a key or a token instead.';

/**
 * Returns a text of a caller in plain ASCII, at most 100 characters, because it goes into logs and onto
 * terminals.
 */
function toPlain(text: string): string {
  return text
    .slice(0, 100)
    .replace(/[^\x21-\x7e]/g, '?')
    .replace(/["'`\\]/g, '?');
}
