import type { Agent } from '../../protocol/index.ts';
import type { Oracle, Script } from '../kit/oracle.fixture.ts';
import { serveScript } from './script-server.fixture.ts';
import type { ScriptServer } from './script-server.fixture.ts';

/**
 * Stages a real process. It gets the script as JSON in the variable `SCRIPT`, and the port of the server that has
 * the tools in `SCRIPT_PORT`. `make` makes its agent, with these variables.
 */
export function stageProcess(
  script: Script,
  make: (env: Readonly<Record<string, string>>) => Agent,
): ReturnType<Oracle['stage']> {
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
      started = make({ SCRIPT: JSON.stringify(told), SCRIPT_PORT: String(server.port) });
      await started.start?.();
    },
    async close() {
      await started?.close?.();
      server?.close();
    },
  };
  return { agent, given: () => server?.given() ?? [] };
}
