/** The agent that docs/ai-sdk.md imports. */
export default async function* agent(): AsyncGenerator<string> {
  yield 'Hi';
}
