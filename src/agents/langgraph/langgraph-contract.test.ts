import { testContract } from '../kit/contract.fixture.ts';
import { langgraphOracle } from './langgraph-oracle.fixture.ts';

testContract(langgraphOracle);
