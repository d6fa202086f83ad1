import { CopilotKitCore, CopilotKitCoreRuntimeConnectionStatus } from '@copilotkit/core';
import type { DialectClient, DialectOracle } from 'heddle/testing';
import { editLast } from './edit-last.ts';
import { fetchQuietly } from './fetch-quietly.ts';
import { keepsWithdrawn } from './keeps-withdrawn.ts';
import { toShown } from './shown-messages.ts';

/** The core of CopilotKit, without its runtime. */
export const copilotKit: DialectOracle = {
  name: '@copilotkit/core 1.75.0',
  cannot: { retracted: keepsWithdrawn, replaced: keepsWithdrawn },
  async open({ url, thread, owner }): Promise<DialectClient> {
    const headers = { authorization: `Bearer ${owner}` };
    const { core, agent } = await openCore(`${url}/copilot`, headers);
    const failures: Error[] = [];
    core.subscribe({ onError: ({ error }) => void failures.push(error) });
    agent.threadId = thread;
    Object.assign(agent, { fetch: fetchQuietly });
    const settle = async (run: Promise<unknown>): Promise<void> => {
      failures.splice(0);
      await run;
      const [failure] = failures;
      if (failure !== undefined) throw failure;
    };
    type Resume = NonNullable<Parameters<typeof core.runAgent>[0]['resume']>;
    const run = (toEntry?: (interruptId: string) => Resume[number]): Promise<void> => {
      const resume = toEntry && agent.pendingInterrupts.map(({ id }) => toEntry(id));
      return settle(core.runAgent({ agent, ...(resume?.length && { resume }) }));
    };
    return {
      send(text) {
        agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: text });
        return run((interruptId) => ({ interruptId, status: 'cancelled' }));
      },
      load: () => settle(core.connectAgent({ agent })),
      answer: (approved) =>
        run((interruptId) => ({ interruptId, status: 'resolved', payload: { approved } })),
      stop: async () => core.stopAgent({ agent }),
      edit(text) {
        editLast(agent, text);
        return run();
      },
      shown: () =>
        toShown(
          agent.messages,
          agent.pendingInterrupts.map(({ toolCallId }) => toolCallId),
        ),
      close: () => agent.detachActiveRun(),
    };
  },
};

type Core = InstanceType<typeof CopilotKitCore>;
type Agent = NonNullable<ReturnType<Core['getAgent']>>;

/** Opens pages until one has loaded what the server says of its agents. */
async function openCore(
  runtimeUrl: string,
  headers: Record<string, string>,
): Promise<{ readonly core: Core; readonly agent: Agent }> {
  const { Connected, Error: failed } = CopilotKitCoreRuntimeConnectionStatus;
  for (let page = 1; page < 20; page += 1) {
    const core = new CopilotKitCore({ runtimeUrl, headers });
    const isSettled = (): boolean => [Connected, failed].includes(core.runtimeConnectionStatus);
    if (!isSettled())
      await new Promise<void>((resolve) => {
        core.subscribe({ onRuntimeConnectionStatusChanged: () => void (isSettled() && resolve()) });
      });
    const agent = core.getAgent('default');
    if (agent !== undefined) return { core, agent };
  }
  throw new Error('The server names no agent.');
}
