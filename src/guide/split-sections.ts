/** A document of the project, in Markdown. */
export interface Doc {
  readonly title: string;
  readonly path: string;
  readonly text: string;
}

/** A heading and what stands under it, up to the next heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly text: string;
}

/** What sets other makes beside this one: it answers no question about this one. */
const comparison = /<!-- (compare:\w+) -->.*?<!-- \/\1 -->/gs;

/** Splits documents at their headings; headings inside of code are none. */
export function splitSections(docs: readonly Doc[]): readonly Section[] {
  return docs.flatMap(({ title, path, text }) => {
    const sections: { title: string; lines: string[] }[] = [{ title, lines: [] }];
    let isCode = false;
    for (const line of text.replaceAll(comparison, '').split(/\r?\n/)) {
      if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
      const heading = isCode ? undefined : /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1];
      if (heading === undefined) sections.at(-1)?.lines.push(line);
      else sections.push({ title: heading.replace(/[*`]/g, ''), lines: [] });
    }
    return sections
      .map((section, index) => ({
        id: `${path}#${index}`,
        title: section.title,
        path,
        text: section.lines.join('\n').trim(),
      }))
      .filter((section) => section.text !== '');
  });
}
