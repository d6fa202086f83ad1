import type { AgentEvent, Turn } from 'heddle';

/** Counts to sixty, for three seconds. */
export default async function* count({ signal }: Turn): AsyncGenerator<AgentEvent> {
  for (let number = 1; number <= 60 && !signal.aborted; number += 1) {
    yield `${number} `;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
