import type { HttpAgent } from '@ag-ui/client';
import type { DialectClient, DialectOracle } from 'heddle/testing';
import { editLast } from './edit-last.ts';
import { fetchQuietly } from './fetch-quietly.ts';
import { toShown } from './shown-messages.ts';

type ResumeEntry = NonNullable<NonNullable<Parameters<HttpAgent['runAgent']>[0]>['resume']>[number];

/** Creates the oracle of `HttpAgent`, or of an agent that extends it and can connect. */
export function createHttpAgentOracle(
  name: string,
  Agent: typeof HttpAgent,
  cannot: DialectOracle['cannot'] = {},
): DialectOracle {
  const canConnect = 'connect' in Agent.prototype && Object.hasOwn(Agent.prototype, 'connect');
  return {
    name,
    cannot,
    open({ url, thread, owner }): DialectClient {
      const headers = { authorization: `Bearer ${owner}` };
      const agent = new Agent({ url: `${url}/agui`, threadId: thread, headers, fetch: fetchQuietly });
      let failure: string | undefined;
      agent.subscribe({ onRunErrorEvent: ({ event }) => void (failure = event.message) });
      const settle = async (run: Promise<unknown>): Promise<void> => {
        failure = undefined;
        await run;
        if (failure !== undefined) throw new Error(failure);
      };
      const run = (resume?: (interruptId: string) => ResumeEntry): Promise<void> => {
        const open = agent.pendingInterrupts.map(({ id }) => id);
        return settle(agent.runAgent(open.length === 0 || !resume ? {} : { resume: open.map(resume) }));
      };
      const dismiss = (interruptId: string): ResumeEntry => ({ interruptId, status: 'cancelled' });
      return {
        send(text) {
          agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: text });
          return run(dismiss);
        },
        async load() {
          agent.pendingInterrupts = [];
          if (canConnect) return settle(agent.connectAgent());
          // Without `connect`, an agent gets the conversation from a run at another URL.
          agent.url = `${url}/agui/connect`;
          await settle(agent.runAgent()).finally(() => (agent.url = `${url}/agui`));
        },
        answer: (approved) =>
          run((interruptId) => ({ interruptId, status: 'resolved', payload: { approved } })),
        async stop() {
          agent.abortRun();
          if (canConnect) return;
          const body = JSON.stringify({ threadId: thread });
          await fetch(`${url}/agui/stop`, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body,
          });
        },
        edit(text) {
          editLast(agent, text);
          return run();
        },
        shown: () =>
          toShown(
            agent.messages,
            agent.pendingInterrupts.map(({ toolCallId }) => toolCallId),
          ),
        close: () => agent.abortController.abort(),
      };
    },
  };
}
