import type { SessionState } from './state.ts';

/** Why a reader gets the state: it cannot simply go on after the id it gave, or it asked for it. */
export type ResyncReason = 'trimmed' | 'unknown' | 'beyond' | 'requested';

/** Events about the stream itself. They are not in any log and carry no id. */
export type StreamEvent =
  | {
      readonly type: 'resync';
      readonly reason: ResyncReason;
      readonly from?: string;
      /** The session as it looks now; absent where it is too long to send in band: it can be fetched. */
      readonly state?: SessionState;
    }
  | { readonly type: 'drain' }
  | { readonly type: 'auth_expired' }
  | { readonly type: 'end' };
