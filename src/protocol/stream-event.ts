import type { SessionState } from './state.ts';

/** Why a reader gets the state: it cannot continue after the id it sent, or it requested the state. */
export type ResyncReason = 'trimmed' | 'unknown' | 'beyond' | 'requested';

/** Events about the stream itself. They are not in any log and have no id. */
export type StreamEvent =
  | {
      readonly type: 'resync';
      readonly reason: ResyncReason;
      readonly from?: string;
      /**
       * The current state of the session. Absent if it is too long to send in band; the client then fetches
       * it.
       */
      readonly state?: SessionState;
    }
  | { readonly type: 'drain' }
  | { readonly type: 'auth_expired' }
  | { readonly type: 'end' };
