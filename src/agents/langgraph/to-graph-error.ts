import { causesOf, createFailure, fieldsOf, listOf, toAgentError } from '../kit/index.ts';
import type { NamedFailures } from '../kit/index.ts';

const failures: NamedFailures = {
  names: {
    ContextOverflowError: 'context_overflow',
    GraphRecursionError: 'limit_turns',
    ModelRefusalError: 'refused',
    MultipleStructuredOutputsError: 'output_invalid',
    StructuredOutputParsingError: 'output_invalid',
  },
};

/**
 * Returns the error that a turn fails with: a failure with a code if the error comes from the library or a
 * provider, otherwise the error itself.
 */
export function toGraphError(error: unknown): unknown {
  const chain = causesOf(error);
  if (chain.some(isWithoutMemory)) return createFailure('approval_unsupported', error);
  if (chain.some(isOutOfSteps)) return createFailure('limit_turns', error);
  // Nodes that failed at the same time come as a list.
  const errors = listOf(fieldsOf(error)['errors']).map(toGraphError);
  const named = errors.find((each, index) => each !== listOf(fieldsOf(error)['errors'])[index]);
  return named ?? toAgentError(error, failures);
}

/** Whether an error says that the graph has no checkpointer, so that nothing in it can wait. */
export function isWithoutMemory(error: unknown): boolean {
  return fieldsOf(error)['lc_error_code'] === 'MISSING_CHECKPOINTER';
}

function isOutOfSteps(error: unknown): boolean {
  return fieldsOf(error)['lc_error_code'] === 'GRAPH_RECURSION_LIMIT';
}
