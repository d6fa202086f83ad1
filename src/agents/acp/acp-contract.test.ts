import { testContract } from '../kit/contract.fixture.ts';
import { acpOracle } from './acp-oracle.fixture.ts';

testContract(acpOracle);
