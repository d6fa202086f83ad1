/** The form of an English word that its inflections share: not always a word itself, and the same again for itself. */
export function stem(word: string): string {
  if (!/^[a-z]{3,}$/.test(word)) return word;
  const base = irregular.get(word) ?? word;
  return endings.reduce((short, [ending, instead]) => short.replace(ending, instead), base);
}

const irregular = new Map(
  `began:begin begun:begin broke:break broken:break died:die dies:die dying:die gone:go held:hold kept:keep lost:lose ran:run
  said:say sent:send stood:stand stored:store taken:take told:tell took:take went:go written:write wrote:write`
    .split(/\s+/)
    .map((pair): [string, string] => {
      const [form = '', base = ''] = pair.split(':');
      return [form, base];
    }),
);

// One after the other: sessions, messages, dropped, entries, authentication.
const endings: readonly (readonly [RegExp, string])[] = [
  [/(?<=..)ies$/, 'y'],
  [/(?<=[^su])s$/, ''],
  [/(?<=[aeiouy].*[^e])(?:ing|ed)$/, ''],
  [/([bdgkmnprt])\1$/, '$1'],
  [/(?<=.{6})ation$/, ''],
  [/(?<=.{6})ate?$/, ''],
  [/(?<=..)e$/, ''],
];
