// `HttpAgent`, and the recipe that extends it, over real sockets.
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { agUiOracles } from '../rig/ag-ui/ag-ui-oracles.ts';
import { runContract } from './run-contract.fixture.ts';

const warn = vi.spyOn(console, 'warn');
// The client reports each cut and each failure.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterAll(() => expect(warn).not.toHaveBeenCalled());

runContract(agUiOracles.httpAgent);
runContract(agUiOracles.heddleAgent);
