// The contract of adapters, with agents of Python that examples/python serves.
import { describe } from 'vitest';
import { testContract } from '../../src/agents/kit/contract.fixture.ts';
import { processOracle } from '../../src/agents/subprocess/process-oracle.fixture.ts';
import type { Oracle } from '../../src/agents/kit/oracle.fixture.ts';

const oracleOf = (file: string): Oracle =>
  processOracle({
    command: '/usr/bin/python3',
    args: [`test/python/${file}`],
    env: { PYTHONPATH: 'examples/python', PYTHONDONTWRITEBYTECODE: '1' },
  });

describe('heddle_agent.py', () => testContract(oracleOf('contract_agent.py')));

describe('heddle_strands.py', () => testContract(oracleOf('contract_strands_agent.py')));
