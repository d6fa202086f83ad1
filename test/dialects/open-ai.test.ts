// Clients of OpenAI's API over real sockets.
import { openAi } from 'heddle/dialects';
import { openAiOracles } from '../rig/dialects/open-ai-clients.ts';
import { runContract } from './run-contract.fixture.ts';

for (const oracle of openAiOracles) runContract(oracle, openAi());
