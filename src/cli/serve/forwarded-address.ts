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
      return told.at(-proxies) || request.address;
    },
  };
}
