import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { nowUs } from './mark.ts';
import { createReceipt } from './receipt.ts';
import type { DeliveryReceipt } from './receipt.ts';
import { toRawRequest } from './request.ts';
import { createSample } from './sample.ts';

/** Many readers in one process. Each reader is a bare socket. */
export interface Crowd {
  /** Opens a stream for each path. Resolves when each stream has received its first bytes. */
  connect(port: number, paths: readonly string[]): Promise<void>;
  /** Stops reading from the sockets of the last `count` readers. */
  stall(count: number): void;
  /**
   * Resolves with the delays when each reader that reads has received `count` more events. With
   * `alsoStalled`, the stalled readers read on first, and count too. `faults` says which streams are wrong,
   * and how.
   */
  expect(count: number, alsoStalled: boolean): Promise<Arrival>;
  /** How often a reader received bytes. While no events are sent, this counts keepalives. */
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

/** How many sockets open at the same time. */
const openers = 64;
/** How long to wait for the next bytes. */
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
      // All sockets share one buffer, because each read is handled before the next one.
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
      // Readers that have everything are not checked again. So each reader is checked about once, and not at
      // each event.
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
