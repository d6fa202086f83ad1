import { zonesByPlace } from './time-zones.ts';

const asks = [
  /\bwhat(?:'s| is)? (?:the )?(?:current |local )*(?:time|date)\b/i,
  /\btime (?:is it|now|in [A-Z])/i,
  /\bcurrent (?:local )?(?:time|date)\b/i,
  /\bwhat day\b/i,
  /\btoday's date\b/i,
  /何時|現在時刻|今の時刻|今日は何|何曜日|今日の日付/,
];

/**
 * Returns the input of `current_time` if a prompt asks for the time, otherwise undefined. Without a place the
 * input is empty.
 */
export function findPlace(prompt: string): Readonly<Record<string, string>> | undefined {
  const text = prompt.normalize('NFKC');
  if (!asks.some((ask) => ask.test(text))) return undefined;
  const japanese = Object.keys(zonesByPlace).find((name) => /[^ -~]/.test(name) && text.includes(name));
  if (japanese !== undefined) return { place: japanese };
  const [, zone] = /\b([A-Z][A-Za-z]+\/[A-Z][A-Za-z_/]+)\b/.exec(text) ?? [];
  if (zone !== undefined) return { place: zone };
  const [, named] =
    /\b(?:in|at|for)\s+(?:the )?(\p{L}[\p{L}' .-]*?)(?:\s+(?:right )?now|\s+today|\s+and\b|[?!,;]|\.?\s*$)/iu.exec(
      text,
    ) ?? [];
  if (named !== undefined) return { place: named.trim() };
  const [, other] =
    /([\p{Script=Katakana}\p{Script=Han}ー]{2,})(?:は|の|では|で)(?:今|いま|現在)?/u.exec(text) ?? [];
  return other === undefined || /^(?:今日?|現在|何)/.test(other) ? {} : { place: other };
}
