import { RefusalError } from '../../protocol/index.ts';
import type { DialectRequest, DialectRoute } from '../dialect-route.ts';
import { readConnect } from './connect.ts';
import { readRun, readStop } from './decode.ts';
import { toPlainRefusal } from './plain-refusal.ts';

/** The agent as CopilotKit lists it. */
export interface CopilotAgent {
  /** @default 'default', which is the agent that CopilotKit uses if a page names none */
  readonly name?: string;
  /** @default '' */
  readonly description?: string;
}

/** Returns the routes that CopilotKit's client asks of its runtime. */
export function copilotRoutes(path: string, agent: CopilotAgent): readonly DialectRoute[] {
  const { name = 'default', description = '' } = agent;
  const info = {
    version: '1',
    mode: 'sse',
    audioFileTranscriptionEnabled: false,
    agents: { [name]: { name, description } },
  };
  const check = ({ params }: DialectRequest): void => {
    if (params['agent'] !== name)
      throw new RefusalError('not_found', `There is no agent of that name here. There is "${name}".`);
  };
  return [
    {
      method: 'GET',
      path: `${path}/info`,
      acts: false,
      open: true,
      decode: () => ({ type: 'reply', reply: { body: info } }),
      // The client shows this field of the body.
      refuse: ({ status, message }) => ({ status, body: { message } }),
    },
    {
      method: 'POST',
      path: `${path}/agent/:agent/run`,
      acts: true,
      streams: true,
      refuse: toPlainRefusal,
      decode: (request) => {
        check(request);
        return readRun(request);
      },
    },
    {
      method: 'POST',
      path: `${path}/agent/:agent/connect`,
      acts: true,
      streams: true,
      refuse: toPlainRefusal,
      decode: (request) => {
        check(request);
        return readConnect(request);
      },
    },
    {
      method: 'POST',
      path: `${path}/agent/:agent/stop/:thread`,
      acts: true,
      refuse: toPlainRefusal,
      decode: (request) => {
        check(request);
        return readStop(request.params['thread'] ?? '', request.body);
      },
    },
  ];
}
