import { fieldsOf, listOf, textOf } from '../kit/index.ts';

/**
 * Returns a tool's output as plain JSON: one text as a string, one value as itself, several as a list. Media
 * becomes its type and format.
 */
export function toToolOutput(content: unknown): unknown {
  const outputs = listOf(content).map(toOutput);
  return outputs.length === 1 ? outputs[0] : outputs.length === 0 ? null : outputs;
}

function toOutput(block: unknown): unknown {
  const { type, text, json, format } = fieldsOf(block);
  if (type === 'textBlock') return textOf(text);
  if (type === 'jsonBlock') {
    // The SDK wraps a list as { $value }, because one provider accepts only objects.
    const { $value, ...rest } = fieldsOf(json);
    return $value !== undefined && Object.keys(rest).length === 0 ? $value : json;
  }
  return { type: textOf(type).replace(/Block$/, ''), format: textOf(format) };
}
