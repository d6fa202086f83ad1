import { describe, isRecord } from '../protocol/internal.ts';
import type { AgentEvent, ToolStatus, Usage } from '../protocol/index.ts';
import { cutJson, maxName } from './limits.ts';
import { toPlain } from './plain.ts';

/**
 * An event of an agent after the check: its names and texts are strings, its numbers are valid counts, and
 * its values are copied as plain JSON.
 */
export type CheckedEvent = Exclude<AgentEvent, string>;

/** Reports a mistake of an agent that does not end its turn. */
export type ReportProblem = (problem: string) => void;

/** The deepest path of inner agents. */
const maxPath = 16;
/** The highest token count that is recorded. A higher one is a mistake, and would spoil sums. */
const maxTokens = 1e12;

/**
 * Checks a value that an agent yields, and returns it as an event. This is the one place where an agent's
 * texts and numbers enter. Throws a TypeError that says what was seen and what is expected. An invalid usage
 * figure is reported and left out, so that it does not fail the answer.
 */
export function checkEvent(value: unknown, report: ReportProblem): CheckedEvent {
  if (typeof value === 'string') return { type: 'content', data: value };
  if (!isRecord(value)) {
    throw new TypeError(`The agent yielded ${describe(value)}: it must be a text or an event with a "type".`);
  }
  const field = createReader(value);
  const by = value['agent'] == null ? undefined : { agent: field.path() };
  const { type } = value;
  switch (type) {
    case 'content':
    case 'reasoning':
      return { type, data: field.text('data'), ...field.named('part'), ...by };
    case 'content_start':
    case 'content_end':
    case 'reasoning_start':
    case 'reasoning_end':
      return { type, ...field.named('part'), ...by };
    case 'step_start':
    case 'step_end':
      return { type, ...field.named('step'), ...by };
    case 'tool_use_start':
      return { type, call: field.name('call'), tool: field.name('tool'), ...by };
    case 'tool_use_input':
      return { type, call: field.name('call'), data: field.text('data'), ...by };
    case 'tool_use':
      return { type, call: field.name('call'), tool: field.name('tool'), input: field.json('input'), ...by };
    case 'tool_progress':
      return { type, call: field.name('call'), data: field.json('data'), ...by };
    case 'tool_result':
      return { type, call: field.name('call'), output: field.json('output'), status: field.status(), ...by };
    case 'discard':
      return { type, ...field.names('parts'), ...field.flag('all'), ...by };
    case 'replace':
      return { type, data: field.text('data'), ...field.named('part'), ...by };
    case 'approval_request': {
      const request = { type, approval: field.name('approval'), reason: field.json('reason') } as const;
      return { ...request, ...field.named('call'), ...by };
    }
    case 'custom':
      return { type, name: field.name('name'), data: field.json('data'), ...by };
    case 'usage':
      return { type, usage: checkUsage(value['usage'], report), ...by };
    case 'stop':
      return { type, reason: value['reason'] == null ? '' : field.name('reason'), ...by };
    default:
      throw new TypeError(
        `The agent yielded an event of unknown type: ${describe(type)}. The types are in docs/agents.md.`,
      );
  }
}

interface Reader {
  text(field: string): string;
  /** Returns a short text. A number is accepted as one, because some providers use numbers as names. */
  name(field: string): string;
  /** Returns an optional short text as `{ [field]: text }`, or `{}` if it is missing or empty. */
  named<Field extends string>(field: Field): { readonly [Each in Field]?: string };
  names<Field extends string>(field: Field): { readonly [Each in Field]?: readonly string[] };
  /** Returns an optional boolean as `{ [field]: true }`, or `{}` if it is missing or false. */
  flag<Field extends string>(field: Field): { readonly [Each in Field]?: boolean };
  path(): readonly string[];
  json(field: string): unknown;
  status(): ToolStatus;
}

function createReader(event: Readonly<Record<string, unknown>>): Reader {
  const wrong = (field: string, expected: string): TypeError =>
    new TypeError(
      `The agent yielded ${JSON.stringify(event['type'])} with ${describe(event[field])} as "${field}": it must be ${expected}.`,
    );
  const toName = (value: unknown, field: string): string => {
    const name = Number.isFinite(value) ? String(value) : value;
    if (typeof name === 'string' && name.length <= maxName) return name;
    throw wrong(field, `a text of at most ${maxName} characters`);
  };
  const toNames = (field: string): readonly string[] => {
    const list = event[field];
    if (!Array.isArray(list)) throw wrong(field, 'a list of texts');
    return list.map((each) => toName(each, field));
  };
  return {
    text(field) {
      const value = event[field];
      if (typeof value !== 'string') throw wrong(field, 'a text');
      return value;
    },
    name: (field) => toName(event[field], field),
    named(field) {
      const name = event[field] == null ? '' : toName(event[field], field);
      return name === '' ? {} : toField(field, name);
    },
    names: (field) => (event[field] == null ? {} : toField(field, toNames(field))),
    flag(field) {
      const flag = event[field] ?? false;
      if (typeof flag !== 'boolean') throw wrong(field, 'true or false');
      return flag ? toField(field, flag) : {};
    },
    path() {
      const path = toNames('agent');
      if (path.length > maxPath) throw wrong('agent', `a list of at most ${maxPath} names`);
      return path;
    },
    json: (field) => cutJson(toPlain(event[field])),
    status() {
      const status = event['status'] ?? 'ok';
      if (status === 'ok' || status === 'error' || status === 'cancelled') return status;
      throw wrong('status', '"ok", "error" or "cancelled"');
    },
  };
}

function toField<Field extends string, Value>(
  field: Field,
  value: Value,
): { readonly [Each in Field]?: Value } {
  const found: { [Each in Field]?: Value } = {};
  found[field] = value;
  return found;
}

function checkUsage(value: unknown, report: ReportProblem): Usage {
  if (!isRecord(value)) {
    report(`The agent yielded ${describe(value)} as usage: it must be an object. It is not counted.`);
    return {};
  }
  const toCount = (key: keyof Usage): { readonly [Each in keyof Usage]?: number } => {
    const told = value[key];
    if (told == null) return {};
    const count = typeof told === 'bigint' ? Number(told) : told;
    if (typeof count === 'number' && count >= 0 && count < Infinity)
      return { [key]: Math.min(Math.ceil(count), maxTokens) };
    report(
      `The agent yielded ${describe(told)} as ${key}: it must be a number from 0 on. It is not counted.`,
    );
    return {};
  };
  return { ...toCount('input_tokens'), ...toCount('output_tokens'), ...toCount('total_tokens') };
}
