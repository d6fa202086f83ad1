import { RefusalError } from '../../protocol/index.ts';
import { toHostNames, toUnnamedPort } from '../host-names.ts';
import type { HostNames } from '../host-names.ts';
import { isAddress, isPublicAddress } from './public-address.ts';
import type { WebhookSettings } from './webhook-options.ts';

/** The URL of a webhook that was checked. */
export interface WebhookUrl {
  readonly href: string;
  /** The host and its port. It may stand in logs: the rest of the URL may be a secret. */
  readonly host: string;
  /** Whether the operator has named this host in full. */
  readonly isTrusted: boolean;
}

/** Checks the URL of a webhook. Throws `malformed` with the reason. */
export type CheckUrl = (text: string) => WebhookUrl;

const maxUrl = 2048;
/** The ports of hosts that the operator has not named. */
const openPorts: ReadonlySet<string> = new Set(['', '8443']);

/**
 * Creates the check of URLs. It sees names only: to which address a name leads is seen by the fetch, when it
 * connects. Throws a TypeError if a host of the options is invalid.
 */
export function createUrlCheck({ hosts, onlyHosts }: WebhookSettings): CheckUrl {
  if (hosts.includes('*'))
    throw new TypeError('webhooks: a host "*" would open private addresses; leave "onlyHosts" out.');
  const trusted = toNames(hosts.filter((host) => !host.startsWith('*')));
  const below = toNames(hosts.filter((host) => host.startsWith('*')));
  return (text) => {
    const url = text.length <= maxUrl ? URL.parse(text) : null;
    if (url === null) throw refuse(`is not a URL of at most ${maxUrl} characters`);
    if (url.username !== '' || url.password !== '') throw refuse('has a user or a password in it');
    const host = { name: url.hostname, port: toUnnamedPort(url.port) };
    const isTrusted = trusted.has(host);
    const { protocol } = url;
    if (protocol !== 'https:' && !(isTrusted && protocol === 'http:')) throw refuse('must begin with https:');
    if (onlyHosts && !isTrusted && !below.has(host)) throw refuse('has a host that is not allowed here');
    const bare = host.name.replace(/^\[|\]$/g, '');
    if (!isTrusted && isAddress(bare) && !isPublicAddress(bare))
      throw refuse('has an address that is not public');
    if (!isTrusted && !openPorts.has(url.port)) throw refuse('has a port other than 443 and 8443');
    // The fragment is never sent.
    url.hash = '';
    return { href: url.href, host: url.host, isTrusted };
  };
}

function toNames(hosts: readonly string[]): HostNames {
  try {
    return toHostNames(hosts, []);
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`webhooks.${error.message}`) : error;
  }
}

function refuse(why: string): RefusalError {
  return new RefusalError('malformed', `The URL of the webhook ${why}.`);
}
