import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fieldsOf, textOf } from '../kit/index.ts';
import type { GivenMessage, Script, ScriptedTool } from '../kit/oracle.fixture.ts';
import { createScriptedLoop } from '../kit/scripted-loop.fixture.ts';
import type { ScriptedLoop } from '../kit/scripted-loop.fixture.ts';

/** A scripted loop in a process of its own, whose tools run in the test. */
export interface DistantLoop {
  readonly loop: ScriptedLoop;
  /** Resolves when the test has seen all that was asked before. */
  sync(): Promise<void>;
}

/** Creates the loop of this process: `SCRIPT` and `SCRIPT_PORT` in its environment name the script and its server. */
export function createDistantLoop(): DistantLoop {
  const script = JSON.parse(process.env['SCRIPT'] ?? '{}') as Script;
  const socket = connect(Number(process.env['SCRIPT_PORT']), '127.0.0.1');
  const answered = new Map<string, (line: Readonly<Record<string, unknown>>) => void>();
  createInterface({ input: socket }).on('line', (text) => {
    const line = fieldsOf(JSON.parse(text));
    answered.get(textOf(line['id']))?.(line);
  });
  const ask = (line: object): void => void socket.write(`${JSON.stringify(line)}\n`);

  const toTool = ({ name, asks }: ScriptedTool): ScriptedTool => ({
    name,
    ...(asks !== undefined && { asks }),
    async *run(input, signal) {
      const id = crypto.randomUUID();
      const lines: Readonly<Record<string, unknown>>[] = [];
      let wake = (): void => {};
      answered.set(id, (line) => {
        lines.push(line);
        wake();
      });
      signal.addEventListener('abort', () => ask({ stop: id }), { once: true });
      ask({ run: id, tool: name, input });
      for (;;) {
        const line = lines.shift();
        if (line === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if ('progress' in line) yield textOf(line['progress']);
        else if ('error' in line) throw new Error(textOf(line['error']));
        else return textOf(line['output']);
      }
    },
  });

  const loop = createScriptedLoop({ answers: script.answers, tools: (script.tools ?? []).map(toTool) });
  const given = loop.given as (readonly GivenMessage[])[];
  const push = given.push.bind(given);
  given.push = (...messages) => {
    for (const each of messages) ask({ given: each });
    return push(...messages);
  };

  /** Resolves when the test has seen all that was asked before. */
  const sync = async (): Promise<void> => {
    const id = crypto.randomUUID();
    await new Promise((resolve) => {
      answered.set(id, resolve);
      ask({ sync: id });
    });
  };
  return { loop, sync };
}
