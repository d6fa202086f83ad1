/** A simple renderer, as it could be written in an afternoon. It is not safe. */
export const careless: string = `(text) => {
  const places = new Map(Array.from(text.matchAll(/^\\[([^\\]^]+)\\]: <?([^>\\s]+)>?/gm), ([, name, to]) => [name, to]));
  const to = /\\(\\s*(?:<([^>]*)>|((?:\\([^()]*\\)|[^()])*?))(?:\\s+["'](.*?)["'])?\\s*\\)/.source;
  const html = text
    .replaceAll(/\\\\(\\W)/g, '$1')
    .replaceAll(/\\[([^\\[\\]]+)\\]\\[([^\\]]+)\\]/g, (all, label, name) => '[' + label + '](' + places.get(name) + ')')
    .replaceAll(new RegExp('!\\\\[([^\\\\]]*)\\\\]' + to, 'g'), '<img alt="$1" src="$2$3" title="$4">')
    .replaceAll(new RegExp('\\\\[(.+?)\\\\]' + to, 'gs'), '<a href="$2$3" title="$4">$1</a>')
    .replaceAll(/<(javascript:[^>]*)>/g, '<a href="$1">$1</a>');
  // As it is, and there and back, as through a sanitiser.
  const template = Object.assign(document.createElement('template'), { innerHTML: html });
  for (const markup of [html, template.innerHTML])
    document.querySelector('#root').append(document.createRange().createContextualFragment(markup));
}`;
