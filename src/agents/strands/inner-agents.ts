import { fieldsOf, listOf } from '../kit/index.ts';

/** Returns an agent and every agent inside it, at any depth: as a tool, or as a node of a graph or swarm. */
export function innerAgents(agent: object): readonly object[] {
  const found = new Set<object>();
  const visit = (value: unknown): void => {
    if (!isAgent(value) || found.has(value)) return;
    found.add(value);
    for (const tool of listOf(Reflect.get(value, 'tools'))) visit(fieldsOf(tool)['agent']);
    const nodes: unknown = Reflect.get(value, 'nodes');
    if (!(nodes instanceof Map)) return;
    for (const node of nodes.values()) {
      visit(fieldsOf(node)['agent']);
      visit(fieldsOf(node)['orchestrator']);
    }
  };
  visit(agent);
  return [...found];
}

function isAgent(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && 'stream' in value && typeof value.stream === 'function'
  );
}
