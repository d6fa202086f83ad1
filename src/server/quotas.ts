import { isBusy } from '../log/internal.ts';
import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { checkNumbers } from '../protocol/internal.ts';
import type { Takes } from '../protocol/internal.ts';
import type { Sink } from '../readers/index.ts';
import type { Reply, StreamReply } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import { toNetwork } from './network.ts';
import { overlay } from './overlay.ts';
import { createSpend } from './rates.ts';
import type { Account, Rate, Spend } from './rates.ts';

/** Limits for one caller. @default no limits */
export interface QuotaOptions {
  readonly rates?: readonly Rate[];
  /** Streams that one owner may have open on this node. */
  readonly streams?: number;
  /** Streams that one address may have open on this node. */
  readonly streamsPerAddress?: number;
  /**
   * Sessions of one owner in which a turn may run at a time, on all nodes. An owner that sends many messages
   * at once may exceed it by a few.
   */
  readonly running?: number;
  /**
   * Returns the address of a request. Behind a proxy, read it from the proxy's header.
   * @default the address of the connection
   */
  readonly address?: (request: ServerRequest) => string | undefined;
}

export interface Quotas {
  readonly spend: Spend;
  /**
   * Returns the account of a request before its caller is known. An IPv6 address counts as its /64, because
   * one machine can use any address in it.
   */
  toAccount(request: ServerRequest): Account;
  /** Returns the request with its body counted as it is read. */
  meter(request: ServerRequest, account: Account): ServerRequest;
  /** Calls `answer`, and counts it as an open stream until the stream ends. Throws `too_many`. */
  countStream(account: Account, answer: () => Promise<Reply>): Promise<Reply>;
  /** Checks that one more session of an owner may be at work. Throws `too_many`. */
  checkRunning(owner: string, session: string): Promise<void>;
}

const bound: Takes = { whole: true, infinity: 'for no limit' };

/**
 * Creates the quotas of a server. Throws a TypeError if a limit is invalid, or if a rate would never count.
 */
export function createQuotas(given: QuotaOptions, { sessions }: Pick<Store, 'sessions'>): Quotas {
  const options = checkNumbers(
    given,
    { streams: bound, streamsPerAddress: bound, running: bound },
    'quotas.',
  );
  const { rates, streams = Infinity, streamsPerAddress = Infinity, running = Infinity } = options;
  const { address: toAddress = (request: ServerRequest) => request.address } = options;
  const spend = createSpend(rates);
  const owners = createCounts(streams);
  const addresses = createCounts(streamsPerAddress);

  return {
    spend,
    toAccount: (request) => {
      const address = toAddress(request);
      return address === undefined ? {} : { address: toNetwork(address) };
    },
    meter: (request, account) =>
      overlay(request, {
        body: async (limit) => {
          const bytes = await request.body(limit);
          if (bytes.length > 0) await spend('bytes', account, bytes.length);
          return bytes;
        },
      }),
    async countStream({ owner, address }, answer) {
      // If nothing is counted, each write of a reader goes straight to its sink.
      if (streams === Infinity && streamsPerAddress === Infinity) return answer();
      if (!owners.add(owner)) throw tooManyStreams();
      if (!addresses.add(address)) {
        owners.delete(owner);
        throw tooManyStreams();
      }
      const release = once(() => {
        owners.delete(owner);
        addresses.delete(address);
      });
      try {
        const reply = await answer();
        if (reply.type === 'stream') return releasing(reply, release);
        release();
        return reply;
      } catch (error) {
        release();
        throw error;
      }
    },
    async checkRunning(owner, session) {
      if (running === Infinity) return;
      const due = await sessions.due({ owner, limit: running + 1 });
      const busy = due.filter((each) => each.session !== session && isBusy(each.head));
      if (busy.length >= running) throw new RefusalError('too_many', 'Too many turns run; come back later.');
    },
  };
}

function tooManyStreams(): RefusalError {
  return new RefusalError('too_many', 'Too many streams are open; close one, or come back later.');
}

interface Counts {
  /**
   * Adds one to a name; false if the name has reached the maximum. A caller without a name is not counted.
   */
  add(name: string | undefined): boolean;
  delete(name: string | undefined): void;
}

function createCounts(max: number): Counts {
  const counts = new Map<string, number>();
  return {
    add: (name) => {
      if (name === undefined || max === Infinity) return true;
      const count = counts.get(name) ?? 0;
      if (count >= max) return false;
      counts.set(name, count + 1);
      return true;
    },
    delete: (name) => {
      if (name === undefined || max === Infinity) return;
      const count = counts.get(name) ?? 0;
      if (count > 1) counts.set(name, count - 1);
      else counts.delete(name);
    },
  };
}

/** Returns the stream, which calls `release` when either side ends it. */
function releasing(streamed: StreamReply, release: () => void): StreamReply {
  return {
    ...streamed,
    open: (sink) => {
      const close: Sink['close'] = (how) => {
        release();
        sink.close(how);
      };
      const stop = streamed.open(overlay(sink, { close }));
      return () => {
        release();
        stop();
      };
    },
  };
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
