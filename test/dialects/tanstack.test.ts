// TanStack AI over real sockets.
import { agUiOracles } from '../rig/dialects/ag-ui-clients.ts';
import { runContract } from './run-contract.fixture.ts';

runContract(agUiOracles.tanStack);
