import { RefusalError } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';

/** An object of a request whose fields are not checked yet. */
export type OpenAiFields = Readonly<Record<string, unknown>>;

/** Creates the refusal of a request that cannot be performed. */
export function refuseInput(sentence: string): RefusalError {
  return new RefusalError('malformed', sentence);
}

/** Returns a value if it is a text. */
export function toTextOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Reads a list of objects. Throws a RefusalError that names the field. */
export function readObjects(value: unknown, field: string): readonly OpenAiFields[] {
  if (!Array.isArray(value) || value.length === 0)
    throw refuseInput(`"${field}" must be a list that is not empty.`);
  return value.map((each: unknown, index) => {
    if (!isRecord(each)) throw refuseInput(`"${field}[${index}]" must be an object.`);
    return each;
  });
}

/** Reads a flag; `null` is as if it was not given. Throws a RefusalError for anything but a boolean. */
export function readFlag(body: OpenAiFields, field: string): boolean | undefined {
  const value = body[field] ?? undefined;
  if (value !== undefined && typeof value !== 'boolean')
    throw refuseInput(`"${field}" must be true or false.`);
  return value;
}

/**
 * Refuses a body that demands a tool call. The tools of a request are not offered to the agent, which has its
 * own, so that no such call can be made.
 */
export function refuseToolDemand({ tool_choice: choice, function_call: earlier }: OpenAiFields): void {
  // The name of the field before there were tools.
  if (isRecord(earlier))
    throw refuseInput('"function_call" demands a call, and the agent uses its own tools.');
  if (choice === undefined || choice === null || choice === 'auto' || choice === 'none') return;
  if (isRecord(choice) && choice['type'] === 'allowed_tools' && toMode(choice) === 'auto') return;
  throw refuseInput('"tool_choice" demands a tool, and the agent uses its own tools as it needs them.');
}

/** Chat Completions has the mode of `allowed_tools` one level deeper than Responses. */
function toMode({ mode, allowed_tools: inner }: OpenAiFields): unknown {
  return mode ?? (isRecord(inner) ? inner['mode'] : undefined);
}
