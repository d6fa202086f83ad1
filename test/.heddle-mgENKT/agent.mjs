// agent.mjs: an async generator. It needs no package and no key.
export default async function* ({ input }) {
  yield `You asked: ${input.content}\n`;
  yield { type: 'tool_use', call: 'c1', tool: 'clock', input: { zone: 'Asia/Tokyo' } };
  yield { type: 'tool_result', call: 'c1', output: '21:04' };
  yield 'It is four past nine in Tokyo.';
}
