import { startBenchChild } from './child.ts';
import type { BenchServerOptions, RunningServer } from './server.ts';
import { node, startScript, toServerFile } from './start-script.ts';

/**
 * Starts the server of Durable Streams, and a writer in a process of its own on the load generator's core.
 * Only the server's CPU counts.
 */
export async function startDurableStreams(options: BenchServerOptions): Promise<RunningServer> {
  const server = await startScript(node, 'durable-streams.ts', [], options);
  try {
    const command = [...node, toServerFile('durable-streams-writer.ts'), String(server.port)];
    const writer = await startBenchChild('load', command);
    await writer.ask({ type: 'prepare', streams: options.streams });
    return {
      ...server,
      path: (stream) => `/v1/stream/${stream}?offset=-1&live=sse`,
      say: async (speech) => void (await writer.ask({ type: 'say', ...speech })),
      stop: async () => {
        await writer.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
