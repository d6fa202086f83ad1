// CopilotKit without its runtime, over real sockets.
import { afterAll, beforeAll, vi } from 'vitest';
import { startAgUi } from './ag-ui-server.fixture.ts';
import { copilotKit } from './copilot-kit.fixture.ts';
import { runContract } from './run-contract.fixture.ts';

beforeAll(() => {
  // The core connects in a page only.
  vi.stubGlobal('window', globalThis);
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterAll(() => void vi.unstubAllGlobals());

runContract(copilotKit, startAgUi);
