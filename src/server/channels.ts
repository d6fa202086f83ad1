import type { Dialect, Scope } from '../dialects/index.ts';
import type { EventLog } from '../log/index.ts';
import { createChannel } from './channel.ts';
import type { Channel, ChannelOptions } from './channel.ts';

/** The channels of a process, each for as long as it has members. */
export interface Channels {
  readonly size: number;
  find(of: ChannelKey): Channel | undefined;
  /** Opens the channel that `find` did not find. Its first member is added in the same step. */
  open(of: ChannelKey, from: Pick<ChannelOptions, 'suffix' | 'start' | 'projection'>): Channel;
}

export interface ChannelKey {
  readonly session: string;
  readonly dialect: Dialect;
  readonly scope: Scope;
}

/** Creates the channels over a log. */
export function createChannels(log: EventLog): Channels {
  const channels = new Map<string, Channel>();
  return {
    get size() {
      return channels.size;
    },
    find: (of) => channels.get(toName(of)),
    open(of, from) {
      const name = toName(of);
      const channel = createChannel({
        log,
        session: of.session,
        ...from,
        onClosed: () => {
          if (channels.get(name) === channel) channels.delete(name);
        },
      });
      channels.set(name, channel);
      return channel;
    },
  };
}

// A session id has no space.
function toName({ session, dialect, scope }: ChannelKey): string {
  return `${session} ${scope} ${dialect.name}`;
}
