// TanStack AI over real sockets.
import { agUiOracles } from '../rig/ag-ui/ag-ui-oracles.ts';
import { runContract } from './run-contract.fixture.ts';

runContract(agUiOracles.tanStack);
