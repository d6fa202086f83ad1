import { subprocess } from 'heddle/agents/subprocess';

/** The same agent for the test, and for a server of your own. */
export default subprocess({
  command: 'python3',
  args: ['agent.py'],
  cwd: import.meta.dirname,
  tools: { find_order: { idempotent: true } },
});
