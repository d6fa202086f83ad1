// The official client of A2A over both bindings, and as version 0.3 has it, over real sockets.
import { a2a } from 'heddle/dialects';
import { a2aOracles } from '../rig/dialects/a2a-clients.ts';
import { runContract } from './run-contract.fixture.ts';

for (const oracle of Object.values(a2aOracles)) runContract(oracle, a2a());
