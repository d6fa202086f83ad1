import type { Agent } from '../../protocol/index.ts';
import type { Oracle } from '../kit/oracle.fixture.ts';
import { serveScript } from './script-server.fixture.ts';
import type { ScriptServer } from './script-server.fixture.ts';
import { subprocess } from './index.ts';

export interface ProcessOracleOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Stages a real process. It gets the script as JSON in the variable `SCRIPT`, and the port of the server that has
 * the tools in `SCRIPT_PORT`.
 */
export function processOracle({ command, args, env = {} }: ProcessOracleOptions): Oracle {
  return {
    busy: 'model_throttled',
    stage(script) {
      let server: ScriptServer | undefined;
      let started: Agent | undefined;
      const { answers, tools = [] } = script;
      const told = { answers, tools: tools.map(({ name, asks }) => ({ name, asks })) };
      const agent: Agent = {
        open: (session) => (turn) => {
          if (started === undefined) throw new Error('The agent was not started.');
          return started.open(session)(turn);
        },
        async start() {
          server = await serveScript(script);
          started = subprocess({
            command,
            args,
            env: { ...env, SCRIPT: JSON.stringify(told), SCRIPT_PORT: String(server.port) },
          });
          await started.start?.();
        },
        async close() {
          await started?.close?.();
          server?.close();
        },
      };
      return { agent, given: () => server?.given() ?? [] };
    },
  };
}
