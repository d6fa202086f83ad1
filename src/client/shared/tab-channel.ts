import { isMessage } from './tab-message.ts';
import type { TabMessage } from './tab-message.ts';

/** What the tabs of one name say to each other; nobody hears themselves. */
export interface TabChannel {
  tell(message: TabMessage): void;
  close(): void;
}

/** Opens a channel; `hear` is called with what other tabs tell. */
export function openChannel(name: string, hear: (message: TabMessage) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }) => {
    if (isMessage(data)) hear(data);
  });
  return {
    tell: (message) => {
      // A BroadcastChannel has no target origin: it reaches its own only.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      channel.postMessage(message);
    },
    close: () => channel.close(),
  };
}
