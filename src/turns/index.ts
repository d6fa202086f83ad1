export type { Asked, Creation, OnBusy } from './command.ts';
export { createEngine } from './engine.ts';
export type { Engine, EngineOptions } from './engine.ts';
export type { TurnOptions } from './run-turn.ts';
export type { Key, SubmitOptions, Submitted } from './submit.ts';
export { readTranscript } from './transcript.ts';
export { isBusy } from './due-at.ts';
export type { Retention } from './retain.ts';
export type { TurnLimits } from './turn-limits.ts';
