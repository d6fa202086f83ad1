import { answerPrompt } from './answer.ts';
import { findExpression } from './find-expression.ts';
import { findPlace } from './find-place.ts';
import type { GuidePrompt } from './heard.ts';
import { isJapanese } from './is-japanese.ts';
import { phrasesFor } from './phrases.ts';

/** The next step of the guide: a text, and tool calls if it needs any. */
export interface ReplyPlan {
  readonly say: string;
  readonly calls: readonly ToolCall[];
}

export interface ToolCall {
  readonly tool: 'calculator' | 'current_time' | 'search_docs';
  readonly input: Readonly<Record<string, string>>;
}

/** Decides the next step from the conversation alone. The same conversation always gets the same step. */
export function decideReply(heard: GuidePrompt): ReplyPlan {
  const { prompt, results, before } = heard;
  const phrases = phrasesFor(isJapanese(prompt));
  if (results.length > 0) return { say: answerPrompt(results, phrases), calls: [] };
  const small = smallTalk(prompt);
  if (small !== undefined) return { say: phrases[small], calls: [] };

  const expression = findExpression(prompt, before);
  const place = findPlace(prompt);
  const calls: ToolCall[] = [];
  if (expression !== undefined) calls.push({ tool: 'calculator', input: { expression } });
  if (place !== undefined) calls.push({ tool: 'current_time', input: place });
  if (calls.length > 1) return { say: phrases.both, calls };
  if (calls.length > 0) return { say: expression === undefined ? phrases.clock : phrases.calculation, calls };
  return { say: phrases.search, calls: [{ tool: 'search_docs', input: { query: prompt.slice(0, 500) } }] };
}

const talk: readonly (readonly [RegExp, 'greeting' | 'thanks'])[] = [
  [/^(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: there| heddle| guide)?$/i, 'greeting'],
  [/^(?:こんにちは|こんばんは|おはよう(?:ございます)?|はじめまして)$/, 'greeting'],
  [
    /\bwh(?:o|at) are you\b|\bwhat can you do\b|\bare you (?:an? )?(?:ai|bot|model|real|human)\b|\bwhat model\b|^(?:help|\?)?$/i,
    'greeting',
  ],
  [
    /(?:あなた|君|きみ)は(?:誰|だれ|何|なに|AI)|何ができ|なにができ|自己紹介|^(?:ヘルプ|助けて)$/i,
    'greeting',
  ],
  [
    /^(?:thanks|thank you)(?: (?:you|a lot|so much|very much))?$|^(?:ありがとう(?:ございます|ございました)?)$/i,
    'thanks',
  ],
];

function smallTalk(prompt: string): 'greeting' | 'thanks' | undefined {
  const plain = prompt
    .normalize('NFKC')
    .replace(/[\s!.,~。!、?]+$/u, '')
    .trim();
  return talk.find(([said]) => said.test(plain))?.[1];
}
