export { checkNumber, checkNumbers, maxTimerMs, timerOrNever, timerRange } from './check-number.ts';
export type { Takes } from './check-number.ts';
export { isRecord } from './decode.ts';
export { describe, has } from './describe.ts';
export { findSent } from './fold.ts';
export { depthOf, maxJsonDepth, parseShallow } from './json-depth.ts';
export { mint } from './mint.ts';
export { times } from './names.ts';
export { toAgentEvents } from './to-agent-events.ts';
