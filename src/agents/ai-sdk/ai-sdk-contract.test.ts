import { describe } from 'vitest';
import { testContract } from '../kit/contract.fixture.ts';
import { createAiSdkOracle } from './ai-sdk-oracle.fixture.ts';

for (const version of [7, 6] as const) {
  for (const form of ['agent', 'text'] as const)
    describe(`version ${version}, ${form}:`, () => testContract(createAiSdkOracle(version, form)));
}
