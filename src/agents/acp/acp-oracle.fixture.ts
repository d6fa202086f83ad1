import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Oracle } from '../kit/oracle.fixture.ts';
import { stageProcess } from '../process/staged-process.fixture.ts';
import { acpTimes, createAcp } from './acp.ts';
import type { AcpOptions } from './acp.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The command of an agent of the official SDK. `abilities` are words that the fixture knows. */
export function sdkAgent(
  abilities = 'resume',
): Required<Pick<AcpOptions, 'command' | 'args' | 'cwd' | 'env'>> {
  return {
    command: process.execPath,
    args: ['--conditions=@heddle/source', new URL('sdk-agent.fixture.ts', import.meta.url).pathname],
    cwd: folder,
    // Each test starts a process. The cache makes that cheap.
    env: { NODE_COMPILE_CACHE: join(folder, 'cache'), SESSIONS: folder, ABILITIES: abilities },
  };
}

/** Stages agents of the official SDK, each in a process of its own. */
export const acpOracle: Oracle = {
  busy: 'model_throttled',
  stage: (script) =>
    stageProcess(script, (scripted) => {
      const agent = sdkAgent();
      return createAcp({ ...agent, env: { ...agent.env, ...scripted } }, acpTimes);
    }),
  cannot: {
    'an answer that is tried again leaves one text': 'The protocol cannot take back what was said.',
    'a tool runs only when its call can be read from the log':
      'The protocol has no word for it: the agent runs its tools by itself.',
    'without a snapshot the conversation is built from the log':
      'The protocol cannot tell an agent a conversation: it goes into the first prompt, as text.',
    'a call that needs an approval waits, and runs once when another process gets the approval':
      'The open question lives in the process.',
    'a call that is denied does not run, and the model is told the reason':
      'The answer to a permission request has no place for a reason.',
  },
};
