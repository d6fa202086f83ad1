import type { QuotaOptions } from 'heddle/server';

/** The address that the last so many proxies tell: what stands before it in the header, the caller may have written. Without proxies it is the connection's. */
export function forwardedAddress(proxies: number): Pick<QuotaOptions, 'address'> {
  if (proxies === 0) return {};
  return {
    address: (request) => {
      const told = (request.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim());
      return told.at(-proxies) || request.address;
    },
  };
}
