import { toHost } from './host-names.ts';
import type { HostNames } from './host-names.ts';

const passHost = 'let it pass Host on as it came (nginx: proxy_set_header Host $http_host)';

/**
 * Returns the sentence for a wrong host name: the name, the names that the server answers to, and the option
 * that allows it.
 */
export function tellHost(header: string, { given }: HostNames): string {
  const name = toPlain(toHost(header)?.name ?? header);
  const names = given.length > 6 ? [...given.slice(0, 6), '…'] : given;
  const cure =
    name === ''
      ? `If a proxy stands between, ${passHost}.`
      : `If that is its name, say so: --allow-host ${name}, or hosts: ['${name}'] of createServer.`;
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
    return `The page does not say which it is (Origin: ${page}): it is a file, a frame in a sandbox, or came by way of another site. Such pages are not let in.`;
  if (name === undefined)
    return `The page is of ${page}, which was not named. If it may use this server: ${allow}.`;
  if (site === 'same-origin')
    return `The page is of ${page}, and this server was not told that name. If it is its own: --allow-host ${name}, or hosts: ['${name}'] of createServer.`;
  if (site === 'same-site' || site === 'cross-site')
    return `The page is of ${page}, which is another origin than that of this server (Sec-Fetch-Site: ${site}). If it may use it: ${allow}.`;
  return `The page is of ${page}, and the request came for the host "${toPlain(host)}". If a proxy stands between, ${passHost}. If the page is of another server and may use this one: ${allow}.`;
}

/** Returns the sentence for a page of another site that sent no origin. */
export function tellSite(site: string): string {
  return `A page of another site asks (Sec-Fetch-Site: ${toPlain(site)}) and does not say which. If it may, its origin has to be named with --allow-origin or origins, and it has to ask with fetch or EventSource.`;
}

export const noPage =
  'Who is known by a cookie has to say which page asks, and neither Origin nor Sec-Fetch-Site came. If a proxy takes them away, let it pass them on; a program is better known by a key or a token.';

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
