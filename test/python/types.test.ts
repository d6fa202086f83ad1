import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { expect, test } from 'vitest';

const files = globSync('{examples,test}/python/*.py');
const env = { ...process.env, MYPYPATH: 'examples/python:test/python', PYTHONDONTWRITEBYTECODE: '1' };

test('the Python of examples and tests has no syntax newer than 3.9', () => {
  const check = `import ast, sys
for file in sys.argv[1:]:
    ast.parse(open(file).read(), file, feature_version=(3, 9))`;
  expect(files.length).toBeGreaterThan(3);
  execFileSync('/usr/bin/python3', ['-c', check, ...files], { env });
});

// mypy is not needed to run anything, so it is used where it is.
const mypy = '/usr/bin/mypy';
test.runIf(existsSync(mypy))('mypy finds nothing in strict mode', { timeout: 120_000 }, () => {
  const args = ['--strict', '--python-version', '3.9', '--no-incremental', ...files];
  const told = execFileSync(mypy, args, { env, encoding: 'utf8' });
  expect(told).toContain('Success: no issues found');
});
