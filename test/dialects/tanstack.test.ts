// TanStack AI over real sockets.
import { agUiOracles } from './ag-ui-oracles.fixture.ts';
import { runContract } from './run-contract.fixture.ts';

runContract(agUiOracles.tanStack);
