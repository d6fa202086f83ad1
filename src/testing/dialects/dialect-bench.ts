import { setTimeout as delay } from 'node:timers/promises';
import { mint } from '../../protocol/internal.ts';
import { sameJson } from '../same-json.ts';
import { createCheckedAgent } from './checked-agent.ts';
import type { CheckedAgent } from './checked-agent.ts';
import type {
  CheckedServer,
  DialectCheckName,
  DialectClient,
  DialectOracle,
  ShownExchange,
  StartCheckedServer,
} from './dialect-oracle.ts';

/** One check of a behaviour that every client should see. */
export interface DialectCheck {
  readonly name: DialectCheckName;
  /**
   * Starts a server, checks the client against it, and closes both. Rejects if the client sees anything else.
   * `seed` decides where connections are cut.
   */
  readonly run: (oracle: DialectOracle, start: StartCheckedServer, seed?: number) => Promise<void>;
}

/** The tools of a check. */
export interface DialectBench {
  readonly server: CheckedServer;
  readonly agent: CheckedAgent;
  readonly seed: number;
  /** Opens a page of the client. @default of the owner ada, on one thread, at the server's URL */
  open(place?: {
    readonly url?: string;
    readonly thread?: string;
    readonly owner?: string;
  }): Promise<DialectClient>;
}

/** Creates a check. `run` uses the client through the bench. */
export function createDialectCheck(
  name: DialectCheckName,
  run: (bench: DialectBench) => Promise<void>,
): DialectCheck {
  return {
    name,
    run: async (oracle, start, seed = Math.floor(Math.random() * 2 ** 31)) => {
      const agent = createCheckedAgent();
      const server = await start(agent.agent);
      const open: DialectClient[] = [];
      const thread = `thread ${mint(8)}`;
      const bench: DialectBench = {
        server,
        agent,
        seed,
        async open(place = {}) {
          const client = await oracle.open({ url: server.url, thread, owner: 'ada', ...place });
          open.push(client);
          return client;
        },
      };
      try {
        await run(bench);
      } catch (error) {
        throw new Error(`${oracle.name}: ${name} (seed ${seed}): ${String(error)}`, { cause: error });
      } finally {
        for (const client of open) await client.close();
        await server.close();
      }
    },
  };
}

/** One exchange as a client should show it. Fields that are left out are empty. */
export type ExpectedExchange = Partial<ShownExchange> & Pick<ShownExchange, 'said'>;

/** Throws if the client does not show exactly these exchanges. */
export function expectShown(client: DialectClient, expected: readonly ExpectedExchange[]): void {
  const whole = expected.map((each) => ({ text: '', reasoning: '', tools: [], ...each }));
  expectSame(client.shown(), whole, 'the client shows');
}

/** Throws if two values are not the same JSON. */
export function expectSame(seen: unknown, expected: unknown, what: string): void {
  if (!sameJson(seen, expected))
    throw new Error(`${what}:\n  ${JSON.stringify(seen)}\nexpected:\n  ${JSON.stringify(expected)}`);
}

/** Waits until something holds. Throws with `what` after ten seconds. */
export async function waitUntil(holds: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); await delay(10))
    if (Date.now() > end) throw new Error(`Ten seconds went by and not: ${what}.`);
}

/** Returns whether a promise rejects. */
export async function isRejected(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => false,
    () => true,
  );
}
