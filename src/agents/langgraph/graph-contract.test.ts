import { testContract } from '../kit/contract.fixture.ts';
import { graphOracle } from './graph-oracle.fixture.ts';

testContract(graphOracle);
