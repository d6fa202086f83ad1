// CopilotKit without its runtime, over real sockets.
import { afterAll, beforeAll, vi } from 'vitest';
import { agUiOracles } from '../rig/ag-ui/ag-ui-oracles.ts';
import { runContract } from './run-contract.fixture.ts';

beforeAll(() => {
  // The core connects in a page only.
  vi.stubGlobal('window', globalThis);
  // It reports each cut and each failure, and an agent that it does not know yet.
  for (const method of ['error', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {});
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

runContract(agUiOracles.copilotKit);
