export { call } from './call.ts';
export { toTiming } from './timing.ts';
export { createTransport } from './transport.ts';
