export { langgraph } from './langgraph.ts';
export type { LanggraphContext, LanggraphFactory, LanggraphOptions } from './langgraph.ts';
export { isLanggraph } from './graph-like.ts';
export type { CheckpointerLike, GraphLike, MemorySaverLike } from './graph-like.ts';
export type { GraphMessage } from './to-graph-messages.ts';
