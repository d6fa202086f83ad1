import type { QuotaOptions } from 'heddle/server';

/**
 * Reads the caller's address from `X-Forwarded-For`: the entry that the outermost of `proxies` reverse
 * proxies added. The caller may have written earlier entries itself. Without proxies it is the connection's
 * address.
 */
export function forwardedAddress(proxies: number): Pick<QuotaOptions, 'address'> {
  if (proxies === 0) return {};
  return {
    address: (request) => {
      const told = (request.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim());
      return toBare(told.at(-proxies) ?? '') || request.address;
    },
  };
}

/**
 * Returns an address without the port that some proxies add, such as `203.0.113.9:4711` and
 * `[2001:db8::1]:4711`. Each connection of a caller has another port, and would be counted by itself.
 */
function toBare(text: string): string {
  const [, six, four] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/.exec(text) ?? [];
  return six ?? four ?? text;
}
