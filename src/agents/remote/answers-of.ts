import type { ApprovalAnswer } from '../../protocol/index.ts';
import type { Asked } from './remote-format.ts';

/** Returns the answers from which the turn goes on, under the upstream's own names of the approvals. */
export function answersOf({ start }: Asked): readonly ApprovalAnswer[] {
  return start.input.type === 'answers' ? start.input.answers : [];
}
