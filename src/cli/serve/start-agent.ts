import type { Agent } from 'heddle';
import { ExitError } from './exit-error.ts';

/** Starts an agent, if it has something to start. Throws an ExitError with the agent's reason if it cannot. */
export async function startAgent(agent: Agent): Promise<void> {
  try {
    await agent.start?.();
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    throw new ExitError(`The agent does not start: ${reason}`);
  }
}
