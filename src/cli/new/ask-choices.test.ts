import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askChoices } from './ask-choices.ts';

async function ask(lines: readonly string[], folder?: string, checkFolder = (_folder: string): void => {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  const rest = [...lines];
  // Each question ends with its answer for an empty line.
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (!text.endsWith('] ')) return;
    const line = rest.shift();
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  });
  const chosen = await askChoices({ folder, standardFolder: 'my-agent', checkFolder, input, output });
  return { chosen, shown };
}

test.each<readonly [readonly string[], string | undefined, object, number]>([
  [['', ''], undefined, { folder: 'my-agent', kind: 'strands' }, 0],
  [[' orders ', '2'], undefined, { folder: 'orders', kind: 'ai-sdk' }, 0],
  [['python'], 'here', { folder: 'here', kind: 'python' }, 0],
  [['AI-SDK'], 'here', { folder: 'here', kind: 'ai-sdk' }, 0],
  [['7', 'none', 'toString', '0', '3'], 'here', { folder: 'here', kind: 'openai' }, 4],
])('the answers %j make a choice', async (lines, folder, expected, refused) => {
  const { chosen, shown } = await ask(lines, folder);
  expect(chosen).toEqual(expected);
  expect(shown.match(/is none of them/g) ?? []).toHaveLength(refused);
  expect(shown).toContain('  4  langgraph  LangGraph and LangChain\n');
});

test('nothing is made where the input ends', async () => {
  await expect(ask(['orders'])).rejects.toThrow(
    expect.objectContaining({ name: 'ExitError', message: 'Nothing is made.' }),
  );
});

test('a folder that cannot be used is told before the next question', async () => {
  const check = (folder: string): void => {
    throw new Error(`not ${folder}`);
  };
  await expect(ask(['orders'], undefined, check)).rejects.toThrow('not orders');
});
