export type { Command, Creation, OnBusy } from './command.ts';
export { createEngine } from './engine.ts';
export type { Engine, EngineOptions } from './engine.ts';
export type { TurnOptions } from './run-turn.ts';
export type { Key, SubmitOptions, Submitted } from './submit.ts';
export { readTranscript } from './transcript.ts';
