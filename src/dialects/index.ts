export type { Dialect, BareFrame, Projection, Scope } from './dialect.ts';
export { named } from './named.ts';
export { tagged } from './tagged.ts';
export { typed } from './typed.ts';
