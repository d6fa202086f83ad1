// The objects of A2A 0.3 that streams carry, as its JSON schema has them: each field, and no other.

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value !== '';
const anyText: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const facts: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const time: Check = (value) => anyText(value) && new Date(String(value)).toISOString() === value;
const is =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const list =
  (check: Check, least = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every(check);
const oneOf =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
/** A name that ends with a question mark is a field that may be absent. */
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (!facts(value)) return false;
    const given = value as Record<string, unknown>;
    const names = Object.keys(fields).map((field) => field.replace(/\?$/, ''));
    return (
      Object.keys(given).every((name) => names.includes(name)) &&
      Object.entries(fields).every(([field, check]) => {
        const each = given[field.replace(/\?$/, '')];
        return each === undefined ? field.endsWith('?') : check(each);
      })
    );
  };

const part = oneOf(
  object({ kind: is('text'), text: anyText, 'metadata?': facts }),
  object({ kind: is('data'), data: facts, 'metadata?': facts }),
  object({
    kind: is('file'),
    file: object({ bytes: anyText, 'mimeType?': text, 'name?': text }),
    'metadata?': facts,
  }),
);
const message = object({
  kind: is('message'),
  messageId: text,
  role: is('user', 'agent'),
  parts: list(part, 1),
  'contextId?': text,
  'taskId?': text,
});
const status = object({
  state: is('submitted', 'working', 'input-required', 'completed', 'canceled', 'failed'),
  'message?': message,
  'timestamp?': time,
});
const artifact = object({ artifactId: text, parts: list(part, 1), 'metadata?': facts });
const names = { contextId: text, taskId: text };
const result = oneOf(
  object({
    kind: is('task'),
    id: text,
    contextId: text,
    status,
    'artifacts?': list(artifact),
    'history?': list(message),
    'metadata?': facts,
  }),
  object({ kind: is('status-update'), ...names, status, final: flag, 'metadata?': facts }),
  object({ kind: is('artifact-update'), ...names, artifact, 'append?': flag, 'lastChunk?': flag }),
);
const response = object({ jsonrpc: is('2.0'), id: is(1), result });

/** Throws an Error if a frame is no response of version 0.3. */
export function checkOlderFrame(frame: unknown): void {
  if (!response(frame)) throw new Error(`A frame is none of version 0.3: ${JSON.stringify(frame)}`);
}
