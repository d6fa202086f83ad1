import { testContract } from '../kit/contract.fixture.ts';
import { strandsOracle } from './strands-oracle.fixture.ts';

testContract(strandsOracle);
