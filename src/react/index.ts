export type { SendingMessage } from './outbox.ts';
export type { SessionSource, UseSessionOptions } from './session-source.ts';
export type { SessionCommands, SessionView } from './session-view.ts';
export type { SessionStatus } from './to-status.ts';
export { useSession } from './use-session.ts';
