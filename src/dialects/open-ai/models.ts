import { RefusalError } from '../../protocol/index.ts';
import type { ReplyIntent } from '../intent.ts';

/** Returns the list of models, which has the agent. */
export function listModels(model: string): ReplyIntent {
  return { type: 'reply', reply: { body: { object: 'list', data: [toModel(model)] } } };
}

/** Returns the agent as a model. Throws `not_found` for any other name. */
export function findModel(name: string, model: string): ReplyIntent {
  if (name !== model)
    throw new RefusalError('not_found', `There is no model "${name}": there is "${model}".`);
  return { type: 'reply', reply: { body: toModel(model) } };
}

/** The agent has no date. Clients sort by it. */
function toModel(id: string): unknown {
  return { id, object: 'model', created: 0, owned_by: 'heddle' };
}
