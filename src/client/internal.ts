export { call } from './call.ts';
export { toFreshUrl } from './fresh-url.ts';
export { toOwnTiming } from './timing.ts';
export { createTransport } from './transport.ts';
