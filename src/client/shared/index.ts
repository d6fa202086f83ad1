export { canAgree } from './can-agree.ts';
export { createHub } from './hub.ts';
export type { Hub } from './hub.ts';
export { followShared } from './follow-shared.ts';
