import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Agent, AgentEvent } from '../../protocol/index.ts';
import type { Oracle } from '../kit/oracle.fixture.ts';
import { createScriptedLoop } from '../kit/scripted-loop.fixture.ts';
import type { LoopTurn, ScriptedLoop } from '../kit/scripted-loop.fixture.ts';
import { remote } from './index.ts';
import type { RemoteOptions } from './index.ts';

/** One request, as an agent's server answers it. */
export interface ServedTurn {
  readonly body: unknown;
  readonly response: ServerResponse;
  /** Runs the agent's loop. Rejects as it does. The connection's end is its cancel. */
  run(turn: Omit<LoopTurn, 'signal' | 'mayRun'>): ReturnType<ScriptedLoop['run']>;
}

export type LoopEvent = Exclude<AgentEvent, string>;

/** Stages an agent over a real server that speaks a format. */
export function createRemoteOracle(
  options: Omit<RemoteOptions, 'url'>,
  serve: (turn: ServedTurn) => Promise<void>,
  facts: Omit<Oracle, 'stage'>,
): Oracle {
  return {
    ...facts,
    stage(script) {
      const loop = createScriptedLoop(script);
      return { agent: serveLoop(loop, options, serve), given: () => loop.given };
    },
  };
}

function serveLoop(
  loop: ScriptedLoop,
  options: Omit<RemoteOptions, 'url'>,
  serve: (turn: ServedTurn) => Promise<void>,
): Agent {
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    void (async () => {
      const body: unknown = JSON.parse(await text(request));
      const run: ServedTurn['run'] = (turn) =>
        loop.run({ ...turn, signal: gone.signal, mayRun: async () => true });
      await serve({ body, response, run }).catch(() => {});
      response.end();
    })();
  });
  // Without a host the port is known at once.
  server.listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    ...remote({ ...options, url: `http://127.0.0.1:${port}/` }),
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
