// Agents of other libraries, as `heddle serve` recognises them in a module, with the packages of the user.
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { talk } from '../rig/talk.ts';

const folder = temporaryFolder();
beforeAll(() => {
  mkdirSync(join(folder.path, 'node_modules'));
  for (const name of ['@langchain', '@openai', '@strands-agents', 'ai', 'langchain', 'zod'])
    symlinkSync(join(root, 'node_modules', name), join(folder.path, 'node_modules', name));
  for (const name of ['ai-sdk', 'langgraph', 'openai', 'strands'])
    cpSync(join(root, 'templates', name, 'offline-model.ts'), join(folder.path, `${name}.ts`));
});
afterAll(() => folder.remove());

function serve(name: string, text: string): Child {
  const file = `${name.replaceAll(/\W+/g, '-')}.${text.includes('module.exports') ? 'cjs' : 'mjs'}`;
  writeFileSync(join(folder.path, file), text);
  const args = [join(root, 'dist/cli/heddle.js'), 'serve', file, '--memory', '--port', '0'];
  return start(process.execPath, args, { cwd: folder.path });
}

const paying = '({ order }) => `Order ${order} is paid back: 120 euros.`';
const aiSdk = `import { stepCountIs, streamText, tool, ToolLoopAgent } from 'ai';
import { z } from 'zod';
import { offlineModel as model } from './ai-sdk.ts';
const pay_back = tool({ inputSchema: z.object({ order: z.string() }), needsApproval: true, execute: ${paying} });
const settings = { model, tools: { pay_back }, stopWhen: stepCountIs(8) };
`;
const openai = (imports: string): string => `${imports}
const pay_back = tool({
  name: 'pay_back',
  description: 'Pays back.',
  parameters: z.object({ order: z.string() }),
  needsApproval: true,
  execute: ${paying},
});
setTracingDisabled(true);
const make = () => new Agent({ name: 'Orders', model: offlineModel, tools: [pay_back] });
`;
const openaiModule = openai(`import { Agent, setTracingDisabled, tool } from '@openai/agents';
import { z } from 'zod';
import { offlineModel } from './openai.ts';`);
const openaiRequired = openai(`const { Agent, setTracingDisabled, tool } = require('@openai/agents');
const { z } = require('zod');
const { offlineModel } = require('./openai.ts');`);
const langchain = `import { createAgent, humanInTheLoopMiddleware, tool } from 'langchain';
import { z } from 'zod';
import { OfflineModel } from './langgraph.ts';
const schema = z.object({ order: z.string() });
const pay_back = tool(${paying}, { name: 'pay_back', description: 'Pays back.', schema });
const make = (checkpointer) => createAgent({
  model: new OfflineModel(),
  tools: [pay_back],
  middleware: [humanInTheLoopMiddleware({ interruptOn: { pay_back: true } })],
  checkpointer,
});
`;
const graph = `import { interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
const pay = () => {
  const text = interrupt({ ask: 'Pay?' }) ? 'Order 17 is paid back: 120 euros.' : 'Nothing is paid back.';
  return { messages: [{ role: 'assistant', content: text }] };
};
const made = new StateGraph(MessagesAnnotation).addNode('pay', pay).addEdge(START, 'pay');
`;
const strands = `import { Agent, tool } from '@strands-agents/sdk';
import { z } from 'zod';
import { OfflineModel } from './strands.ts';
const pay_back = tool({
  name: 'pay_back',
  description: 'Pays back.',
  inputSchema: z.object({ order: z.string() }),
  callback: ({ order }, context) => context.interrupt({ name: 'pay' }) && \`Order \${order} is paid back: 120 euros.\`,
});
const make = () => new Agent({ model: new OfflineModel(), tools: [pay_back] });
`;

const [ofAiSdk, ofOpenai, ofLanggraph, ofStrands] = [
  'of the AI SDK: heddle/agents/ai-sdk',
  'of the OpenAI Agents SDK: heddle/agents/openai-agents',
  'of LangGraph: heddle/agents/langgraph',
  'of Strands: heddle/agents/strands',
];

test.concurrent.each([
  ['a ToolLoopAgent', `${aiSdk}export default new ToolLoopAgent(settings);`, ofAiSdk],
  ['streamText', `${aiSdk}export default ({ call }) => streamText({ ...settings, ...call });`, ofAiSdk],
  ['an OpenAI Agent', `${openaiModule}export default make();`, ofOpenai],
  ['an OpenAI run', `${openaiModule}export default async () => ({ agent: make() });`, ofOpenai],
  ['an OpenAI Agent in CommonJS', `${openaiRequired}module.exports = make;`, ofOpenai],
  ['createAgent', `${langchain}export default ({ checkpointer }) => make(checkpointer);`, ofLanggraph],
  ['a graph', `${graph}export default made.compile({ checkpointer: new MemorySaver() });`, ofLanggraph],
  ['a Strands Agent', `${strands}export default async () => make();`, ofStrands],
])(
  '%s is recognised at the start, and waits for an approval',
  { timeout: 60_000 },
  async (name, text, line) => {
    const child = serve(name, text);
    const [, url = ''] = await child.waitFor(/on (http:\/\/\S+)/);
    expect(child.output()).toContain(`${line} takes `);
    const { asked, answer } = await talk(url, 'Pay order 17 back.', true);
    expect(asked).toBe(1);
    expect(answer).toMatch(/Order 17 is paid back: 120 euros\.$/);
    expect(await child.stop('SIGTERM')).toBe(0);
  },
);

test.concurrent('an agent for one owner is recognised in its first turn', { timeout: 60_000 }, async () => {
  const text = `${aiSdk}export default async ({ owner }) => new ToolLoopAgent({ ...settings, id: owner });`;
  const child = serve('owner', text);
  const [, url = ''] = await child.waitFor(/on (http:\/\/\S+)/);
  expect(child.output()).toContain('owner.mjs is a function: its first turn shows');
  expect(child.output()).not.toContain(ofAiSdk);
  expect((await talk(url, 'Pay order 17 back.', false)).answer).toMatch(/Nothing is paid back\.$/);
  expect(child.output()).toContain(`owner.mjs makes agents ${ofAiSdk} takes them\n`);
  await child.stop();
});

test.concurrent.each([
  ['one Strands Agent', `${strands}export default make();`, /is one agent of Strands, which cannot work on/],
  [
    'one answer',
    `${aiSdk}export default streamText({ ...settings, prompt: 'Hi' });`,
    /is one agent of the AI/,
  ],
  [
    'a call with messages',
    `${aiSdk}export default ({ messages }) => streamText({ ...settings, messages });`,
    /reads "messages", and for the AI SDK there is none\. Write: export default \(\{ call \}\) =>/,
  ],
  ['a model', `${langchain}export default () => new OfflineModel();`, /gave an object with .*LangGraph\.$/m],
])('%s is refused at the start, in one sentence', { timeout: 60_000 }, async (name, text, sentence) => {
  const child = serve(name, text);
  const code = await new Promise((resolve) => child.process.on('close', resolve));
  expect(code).toBe(1);
  expect(child.output()).toMatch(sentence);
  expect(child.output().trim().split('\n')).toHaveLength(1);
});
