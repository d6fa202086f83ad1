// The built command with the providers' real SDKs, against a server with the providers' wire formats.
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heddleServe } from '../rig/heddle-serve.ts';

const mock = new LLMock({ port: 0 });

beforeAll(async () => {
  for (const [name, input, output] of [
    ['calculator', '{"expression":"6*7"}', '42'],
    ['weather', '{"city":"Kyoto"}', 'sunny'],
  ] as const) {
    mock
      .on(
        { userMessage: name, hasToolResult: false },
        { content: 'Let me see. ', toolCalls: [{ name, arguments: input, id: `call_${name}` }] },
      )
      .on(
        { userMessage: name, hasToolResult: true, toolResultContains: output },
        { content: `It says ${output}.` },
      );
  }
  mock.on(
    { userMessage: 'Refuse' },
    { error: { message: 'secret words', type: 'authentication_error' }, status: 401 },
  );
  await mock.start();
});
afterAll(() => mock.stop());

const openai = () => ({ OPENAI_API_KEY: 'mock', OPENAI_BASE_URL: `${mock.url}/v1` });
const anthropic = () => ({ ANTHROPIC_API_KEY: 'mock', ANTHROPIC_BASE_URL: mock.url });

test.each([
  [
    'the guide over openai',
    ['--memory'],
    () => ({ HEDDLE_MODEL: 'openai:gpt-5-mini', ...openai() }),
    'calculator',
    '42',
  ],
  [
    'the guide over anthropic',
    ['--memory'],
    () => ({ HEDDLE_MODEL: 'anthropic:claude-sonnet-4-5', ...anthropic() }),
    'calculator',
    '42',
  ],
  ['the example of a Strands agent', ['--memory', 'examples/strands-agent.ts'], openai, 'weather', 'sunny'],
])('%s calls its tool, and a refusal is reported in plain words', async (_, args, env, tool, output) => {
  const { url, child } = await heddleServe(args, env());
  try {
    const typed = await (await fetch(`${url}/stream?dialect=typed&prompt=${tool}`)).text();
    expect(typed).toContain(`"tool":"${tool}"`);
    expect(typed).toContain('"status":"ok"');
    expect(typed).toContain('"outcome":"completed"');
    expect(typed).toMatch(/"usage":\{"input_tokens":\d+/);
    expect(typed).toContain(output);
    const refused = await (await fetch(`${url}/stream?prompt=Refuse`)).text();
    expect(refused).toContain('"code":"model_auth"');
    // Only the operator may see the vendor's words.
    expect(refused).not.toContain('secret');
    await child.waitFor(/secret words/);
  } finally {
    await child.stop();
  }
});
