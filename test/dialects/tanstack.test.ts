// TanStack AI over real sockets.
import { startAgUi } from './ag-ui-server.fixture.ts';
import { runContract } from './run-contract.fixture.ts';
import { tanStack } from './tan-stack.fixture.ts';

runContract(tanStack, startAgUi);
