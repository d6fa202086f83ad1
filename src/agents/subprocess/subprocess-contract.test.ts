import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { testContract } from '../kit/contract.fixture.ts';
import { gateCheck } from '../kit/contract-tools.fixture.ts';
import { processOracle } from './process-oracle.fixture.ts';

const file = new URL('node-agent.fixture.ts', import.meta.url).pathname;
const cache = mkdtempSync(join(tmpdir(), 'heddle-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
// Each test starts a process. The cache makes that three times as cheap.
const env = { NODE_COMPILE_CACHE: cache };
const command = { command: process.execPath, args: ['--conditions=@heddle/source', file], env };

describe('a process of Node', () => testContract(processOracle(command)));

test(`a process that does not wait for its call to be taken fails: ${gateCheck.name}`, () =>
  expect(gateCheck.run(processOracle({ ...command, env: { ...env, NO_GATE: '1' } }))).rejects.toThrow(
    /to deeply equal/,
  ));
