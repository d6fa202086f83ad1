import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { nowUs } from './mark.ts';
import { createReceipt } from './receipt.ts';
import type { DeliveryReceipt } from './receipt.ts';
import { toRawRequest } from './request.ts';
import { createSample } from './sample.ts';

/** Many readers in one process, each a bare socket. */
export interface Crowd {
  /** Opens a stream for each path; resolves when the first bytes of all have come. */
  connect(port: number, paths: readonly string[]): Promise<void>;
  /** Makes the last `count` readers stop reading. */
  stall(count: number): void;
  /**
   * Resolves when each reader that reads has so many events more, and tells what they took; `alsoStalled` has the stalled ones read on first and
   * waits for them too. Faults say why streams are not what was said.
   */
  expect(count: number, alsoStalled: boolean): Promise<Arrival>;
  /** How often anything came to a reader: in silence, keepalives. */
  readonly beats: number;
}

interface Arrival {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly faults: readonly string[];
}

interface Reader {
  readonly socket: Socket;
  readonly receipt: DeliveryReceipt;
  stalled: boolean;
}

/** Sockets that open at the same time. */
const openers = 64;
/** After this long without an event nothing more is waited for. */
const patienceMs = 10_000;

/** Creates an empty crowd. */
export function createCrowd(): Crowd {
  const readers: Reader[] = [];
  const delays = createSample();
  const buffer = Buffer.alloc(64 * 1024);
  const faults: string[] = [];
  let expected = 0;
  let beats = 0;
  let isFull = (): boolean => false;
  let onFull = (): void => {};

  const open = (port: number, path: string): Promise<void> =>
    new Promise((resolve) => {
      const name = `reader ${readers.length} of ${path}`;
      // One buffer for all: what a read brings is looked at before the next.
      const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } });
      const receipt = createReceipt((delayUs) => delays.add(delayUs));
      const reader: Reader = { socket, receipt, stalled: false };
      readers.push(reader);
      socket.on('error', (error) => faults.push(`${name}: ${error.message}`));
      socket.on('close', () => {
        faults.push(`${name} was disconnected`);
        resolve();
      });
      socket.write(toRawRequest(path));

      function callback(size: number): boolean {
        beats += 1;
        receipt.take(buffer.subarray(0, size), nowUs());
        resolve();
        if (isFull()) onFull();
        return !reader.stalled;
      }
    });

  const findFaults = (waited: readonly Reader[]): readonly string[] => [
    ...faults,
    ...waited.flatMap(({ receipt }, index) => {
      const { received, fault } = receipt;
      if (fault !== undefined) return [`reader ${index}: ${fault}`];
      return received === expected ? [] : [`reader ${index} has ${received} of ${expected}`];
    }),
  ];

  return {
    connect: async (port, paths) => {
      const waiting = [...paths];
      await Promise.all(
        Array.from({ length: openers }, async () => {
          for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) await open(port, path);
        }),
      );
    },
    stall: (count) => {
      for (const reader of readers.slice(readers.length - count)) {
        reader.stalled = true;
        reader.socket.pause();
      }
    },
    expect: async (count, alsoStalled) => {
      expected += count;
      delays.clear();
      if (alsoStalled) {
        for (const reader of readers) {
          reader.stalled = false;
          reader.socket.resume();
        }
      }
      const waited = readers.filter(({ stalled }) => !stalled);
      // Those before it are full already: each reader is looked at once, and not at each event.
      let full = 0;
      isFull = () => {
        while (full < waited.length && (waited[full]?.receipt.received ?? 0) >= expected) full += 1;
        return full === waited.length;
      };
      await new Promise<void>((resolve) => {
        let seen = -1;
        const patience = setInterval(() => {
          if (beats === seen) onFull();
          seen = beats;
        }, patienceMs);
        onFull = () => {
          clearInterval(patience);
          resolve();
        };
        if (isFull()) onFull();
      });
      isFull = () => false;
      return {
        p50Ms: delays.percentile(0.5) / 1e3,
        p99Ms: delays.percentile(0.99) / 1e3,
        faults: findFaults(waited).slice(0, 3),
      };
    },
    get beats() {
      return beats;
    },
  };
}
