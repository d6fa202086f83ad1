// A mark of its own: the page of another agent does not show it.
const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="512" height="512">
  <rect width="32" height="32" rx="8" fill="#14605c" />
  <g fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round">
    <path d="M16 5v5.5M16 21.5V27" />
    <ellipse cx="16" cy="16" rx="3.6" ry="5.5" />
    <path d="M5 19.5c4 0 6.5-3.5 11-3.5s7-3.5 11-3.5" stroke="#a8e6dc" />
  </g>
</svg>
`;

/** The words of the chat page when the guide answers. */
export const pageWords = {
  title: 'Heddle',
  logo: `data:image/svg+xml,${encodeURIComponent(mark)}`,
  examples: [
    {
      title: { en: 'Work something out', ja: '計算する' },
      prompt: { en: 'What is 2,350 × 18% ÷ 4?', ja: '2,350 × 18% ÷ 4 はいくつですか？' },
    },
    {
      title: { en: 'Look up a time', ja: '時刻を調べる' },
      prompt: { en: 'What time is it in Tokyo right now?', ja: '東京は今何時ですか？' },
    },
    {
      title: { en: 'Ask about Heddle', ja: 'Heddleについて聞く' },
      prompt: {
        en: 'How does Heddle resume a stream after the connection drops?',
        ja: '接続が切れたあと、Heddleはどうやってストリームを再開しますか？',
      },
    },
    {
      title: { en: '日本語で質問する', ja: 'Ask in English' },
      prompt: { en: '東京は今何時ですか？', ja: 'What time is it in Tokyo right now?' },
    },
  ],
} as const;
