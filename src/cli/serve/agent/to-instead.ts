import type { Vendor } from './vendor.ts';

/** Returns a sentence about a field that no context has, if a library of agents has another one for it. */
export function toInstead(field: string, vendors: readonly Vendor[]): string | undefined {
  const vendor = vendors.find(({ instead = {} }) => Object.hasOwn(instead, field));
  const written = vendor?.instead?.[field];
  if (vendor === undefined || written === undefined) return undefined;
  return `Its function reads "${field}", and for ${vendor.name} there is none. Write: ${written}`;
}
