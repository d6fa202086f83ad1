// The clients of AG-UI over real sockets.
import { HttpAgent } from '@ag-ui/client';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { HeddleAgent } from '../../examples/heddle-agent.ts';
import { startAgUi } from './ag-ui-server.fixture.ts';
import { createHttpAgentOracle } from './http-agent.fixture.ts';
import { runContract } from './run-contract.fixture.ts';

const warn = vi.spyOn(console, 'warn');
beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterAll(() => expect(warn).not.toHaveBeenCalled());

const kept = 'It keeps text that the agent withdraws, until the page loads the conversation again.';
const keepsWithdrawn = { retracted: kept, replaced: kept, 'taken over': kept };

const oracles = [
  createHttpAgentOracle('@ag-ui/client 1.0.0', HttpAgent, keepsWithdrawn),
  createHttpAgentOracle('HeddleAgent', HeddleAgent, {}),
];

for (const oracle of oracles) runContract(oracle, startAgUi);
