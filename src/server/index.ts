export { json } from './answer.ts';
export type { Answer, Sink, Streamed, Whole } from './answer.ts';
export type { Ask } from './ask.ts';
export { createServer } from './create-server.ts';
export type { Server, ServerOptions } from './create-server.ts';
export type { GuardOptions } from './guard.ts';
export type { EnterOptions } from './enter.ts';
export type { Authenticate, Principal } from './principal.ts';
export type { Route } from './routes.ts';
