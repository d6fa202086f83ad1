// stop.ts
export async function stopChat(id: string, message: string): Promise<void> {
  await fetch(`/ai/${encodeURIComponent(id)}/stop`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }), // the id of the last message; without it, whatever is open stops
  });
}
