// load.ts
import type { UIMessage } from 'ai';

export async function loadChat(id: string): Promise<UIMessage[]> {
  const response = await fetch(`/ai/${encodeURIComponent(id)}`);
  return (await response.json()) as UIMessage[]; // [] for a chat that does not exist
}
