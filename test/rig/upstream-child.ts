import { fileURLToPath } from 'node:url';
import { start } from './child.ts';
import type { Child } from './child.ts';

/** The scripted agent behind a URL. Whenever its process ends, another one takes its place at the same URL. */
export interface UpstreamChild {
  readonly url: string;
  /** Ends the process for good. */
  stop(): Promise<void>;
}

/** Starts the scripted agent behind a URL. */
export async function startUpstreamChild(effects: string): Promise<UpstreamChild> {
  const script = fileURLToPath(new URL('scripted-upstream-main.ts', import.meta.url));
  let isStopped = false;
  let current: Child;
  const run = async (port: string): Promise<string> => {
    const args = ['--conditions=@heddle/source', script, '--effects', effects, '--port', port];
    current = start(process.execPath, args);
    current.process.once('exit', () => {
      if (!isStopped) void run(new URL(url).port);
    });
    const [, where = ''] = await current.waitFor(/on (http:\S+)/);
    return where;
  };
  let url = 'http://127.0.0.1:0';
  url = await run('0');
  return {
    url,
    async stop() {
      isStopped = true;
      await current.stop('SIGKILL');
    },
  };
}
