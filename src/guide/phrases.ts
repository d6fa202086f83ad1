/** The guide's own sentences in one language. */
export interface Phrases {
  readonly greeting: string;
  readonly thanks: string;
  readonly calculation: string;
  readonly clock: string;
  readonly both: string;
  readonly search: string;
  readonly found: string;
  readonly nothing: string;
  readonly failed: (why: string) => string;
  readonly result: (expression: string, result: string) => string;
  readonly time: (zone: string, time: string, weekday: string, offset: string) => string;
}

const english: Phrases = {
  greeting: `Hello! I am Heddle's **offline guide**. There is no language model behind me: I follow simple rules, on this machine alone, and stream my answers the way a real agent does.

I can

- look things up in Heddle's documentation: *How does a client resume a stream?*
- calculate: *What is 12.5% of 480?*
- tell the time in a time zone: *What time is it in Tokyo?*

To put a real model behind the same tools, start the server with \`HEDDLE_MODEL\`, for example:

\`\`\`sh
HEDDLE_MODEL=openai:gpt-5.4 OPENAI_API_KEY=… npm start
HEDDLE_MODEL=anthropic:claude-sonnet-4-6 ANTHROPIC_API_KEY=… npm start
HEDDLE_MODEL=openai:llama3.2 OPENAI_BASE_URL=http://127.0.0.1:11434/v1 npm start
\`\`\`
`,
  thanks: 'You are welcome. Ask me anything else about Heddle.',
  calculation: 'Let me calculate that.',
  clock: 'Let me look at the clock.',
  both: 'Let me work these out.',
  search: 'Let me look in the documentation.',
  found: 'This is what the documentation says:',
  nothing: `I found nothing about that in Heddle's documentation. I am an offline guide with no language model behind me, so that is all I can look in. I can search these docs, calculate, and tell the time; with \`HEDDLE_MODEL=openai:…\`, \`anthropic:…\`, \`bedrock:…\` or \`google:…\` a real model answers in my place.`,
  failed: (why) => `That did not work. ${why}`,
  result: (expression, result) => `\`${expression}\` = **${result}**`,
  time: (zone, time, weekday, offset) =>
    `In ${zone} it is **${time.slice(11, 16)}** on ${weekday}, ${time.slice(0, 10)} (UTC${offset}).`,
};

const weekdays: Readonly<Record<string, string>> = {
  Monday: '月',
  Tuesday: '火',
  Wednesday: '水',
  Thursday: '木',
  Friday: '金',
  Saturday: '土',
  Sunday: '日',
};

const japanese: Phrases = {
  greeting: `こんにちは。Heddle の**オフラインガイド**です。言語モデルは使っていません。このマシンの中だけで、簡単な規則に従って答え、本物のエージェントと同じように文字を少しずつ送ります。

できること：

- Heddle のドキュメントを調べる：「再接続はどうなりますか？」
- 計算する：「480の12.5%は？」
- 各地の時刻を答える：「東京は今何時？」

同じ道具のまま本物のモデルを使うには、\`HEDDLE_MODEL\` を付けてサーバーを起動してください。

\`\`\`sh
HEDDLE_MODEL=openai:gpt-5.4 OPENAI_API_KEY=… npm start
HEDDLE_MODEL=anthropic:claude-sonnet-4-6 ANTHROPIC_API_KEY=… npm start
HEDDLE_MODEL=openai:llama3.2 OPENAI_BASE_URL=http://127.0.0.1:11434/v1 npm start
\`\`\`
`,
  thanks: 'どういたしまして。Heddle について、ほかにも何でも聞いてください。',
  calculation: '計算します。',
  clock: '時計を見ます。',
  both: '順に調べます。',
  search: 'ドキュメントを調べます。',
  found: 'ドキュメントには次のように書かれています（原文は英語です）。',
  nothing:
    'Heddle のドキュメントには見つかりませんでした。私は言語モデルを持たないオフラインガイドなので、調べられるのはこのドキュメントだけです。ほかに計算と時刻の案内ができます。`HEDDLE_MODEL=openai:…`、`anthropic:…`、`bedrock:…`、`google:…` を設定すると、本物のモデルが代わりに答えます。',
  failed: (why) => `うまくいきませんでした。${why}`,
  result: (expression, result) => `\`${expression}\` = **${result}**`,
  time: (zone, time, weekday, offset) =>
    `${zone} は現在 ${time.slice(0, 10)}（${weekdays[weekday] ?? weekday}）**${time.slice(11, 16)}** です（UTC${offset}）。`,
};

/** Returns the sentences in Japanese or English. */
export function phrasesFor(isJapanese: boolean): Phrases {
  return isJapanese ? japanese : english;
}
