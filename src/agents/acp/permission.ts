import { fieldsOf, isApproved, listOf, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { toCallContent } from './tool-content.ts';

/** One of the answers that an agent offers. `kind` is `allow_once`, `allow_always`, `reject_once` or `reject_always`. */
export interface PermissionOption {
  readonly optionId: string;
  readonly name: string;
  readonly kind: string;
}

/** The answer to a permission request, as the protocol has it. */
export type PermissionOutcome =
  | { readonly outcome: 'selected'; readonly optionId: string }
  | { readonly outcome: 'cancelled' };

/** Returns the options of a permission request. */
export function toPermissionOptions({ options }: Fields): readonly PermissionOption[] {
  return listOf(options)
    .map(fieldsOf)
    .map(({ optionId, name, kind }) => ({
      optionId: textOf(optionId),
      name: textOf(name),
      kind: textOf(kind),
    }));
}

/** Returns the reason of an approval: the title of the call, what it would do as far as it is told, and the options. */
export function toPermissionReason(params: Fields, title: string): object {
  const content = toCallContent(fieldsOf(params['toolCall'])['content']);
  return {
    title,
    ...(typeof content === 'string' && { message: content }),
    ...(typeof content === 'object' && { content }),
    options: toPermissionOptions(params),
  };
}

/**
 * Returns the answer for a decision. The name of an option, as a text or as `{ optionId }`, chooses it. A yes
 * chooses an option that allows once: one that allows always grants more than was asked. Everything else chooses
 * one that rejects. Without such an option the answer is `cancelled`, which never allows anything.
 */
export function toPermissionOutcome(
  decision: unknown,
  options: readonly PermissionOption[],
): PermissionOutcome {
  const wanted = textOf(decision) || textOf(fieldsOf(decision)['optionId']);
  const kinds = isApproved(decision) ? ['allow_once'] : ['reject_once', 'reject_always'];
  const option =
    options.find(({ optionId }) => optionId !== '' && optionId === wanted) ??
    kinds.flatMap((kind) => options.filter((each) => each.kind === kind))[0];
  return option === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: option.optionId };
}
