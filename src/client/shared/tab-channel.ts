import { isMessage } from './tab-message.ts';
import type { TabMessage } from './tab-message.ts';

/** The channel between the tabs of one name. A tab does not receive its own messages. */
export interface TabChannel {
  tell(message: TabMessage): void;
  close(): void;
}

/** Opens a channel. `hear` is called with the messages of other tabs. */
export function openChannel(name: string, hear: (message: TabMessage) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }) => {
    if (isMessage(data)) hear(data);
  });
  return {
    tell: (message) => {
      // A BroadcastChannel has no target origin: it reaches only its own origin.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      channel.postMessage(message);
    },
    close: () => channel.close(),
  };
}
