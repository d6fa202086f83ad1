import { testContract } from '../kit/contract.fixture.ts';
import { openaiOracle } from './openai-oracle.fixture.ts';

testContract(openaiOracle);
