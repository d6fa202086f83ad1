import { expect } from 'vitest';
import { heddleServe } from '../rig/heddle-serve.ts';
import type { Served } from '../rig/heddle-serve.ts';

/** A server as it is shipped, with metrics. */
export interface Measured extends Served {
  /** The URL of the metrics. */
  readonly metrics: string;
  /** Reads all figures, by name and labels as Prometheus writes them. */
  scrape(): Promise<ReadonlyMap<string, number>>;
}

/** Starts `heddle serve --metrics`. */
export async function serveMeasured(args: readonly string[]): Promise<Measured> {
  const served = await heddleServe([...args, '--metrics', '0']);
  const [, metrics = ''] = await served.child.waitFor(/metrics are on (\S+\/metrics)/);
  return {
    ...served,
    metrics,
    scrape: async () => {
      const response = await fetch(metrics);
      expect(response.headers.get('content-type')).toContain('text/plain');
      const lines = (await response.text())
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(
        lines.map((line) => {
          const [, name = '', value] = /^(\S+?(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
          return [name, Number(value)];
        }),
      );
    },
  };
}

/** Sends a message, and returns the status of the response. */
export async function post(url: string, session: string, content: string): Promise<number> {
  const response = await fetch(`${url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Creates a session, and returns its id. */
export async function createSession(url: string): Promise<string> {
  const created: unknown = await (await fetch(`${url}/session`, { method: 'POST' })).json();
  return String(Reflect.get(Object(created), 'session_id'));
}
