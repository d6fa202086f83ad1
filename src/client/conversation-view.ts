import type { SessionState } from '../protocol/index.ts';
import type { Connection, ConnectionDetail } from './keep-trying.ts';

/** A conversation at one moment. */
export interface ConversationView extends ConnectionDetail {
  readonly state: SessionState;
  readonly connection: Connection;
  /** Whether the state has been read from the server. */
  readonly loaded: boolean;
  /** Present while `loadEarlier` is at work. */
  readonly loadingEarlier?: true;
}
