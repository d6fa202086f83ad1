import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { OpenAiRequests } from './command-requests.ts';

/** Performs each request with a curl of its own. */
export const curlRequests: OpenAiRequests = {
  async *run({ method, url, headers, body }, onSession) {
    const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const data = body === undefined ? [] : ['--data-binary', '@-'];
    const options = ['-sS', '-N', '--fail-with-body', '-D', '-', '-X', method];
    const child = spawn('curl', [...options, ...fields, ...data, url]);
    child.stdin.on('error', () => {});
    child.stdin.end(body);
    let problem = '';
    child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
    const closed = once(child, 'close') as Promise<[number]>;
    for await (const line of createInterface({ input: child.stdout })) {
      const session = /^heddle-session: (\S+)/.exec(line)?.[1];
      if (session !== undefined) onSession?.(session);
      const text = /^(?:data: )?(\{.*\})$/.exec(line)?.[1];
      if (text !== undefined) yield JSON.parse(text) as unknown;
    }
    const [code] = await closed;
    if (code !== 0) throw new Error(problem);
  },
  close: () => {},
};
