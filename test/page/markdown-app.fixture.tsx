// The page's own markdown, mounted by security-markdown.test.ts.
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Markdown } from '../../page/src/parts/markdown.tsx';

/** Renders a text in the place of the one before, as a delta does. */
export type Show = (text: string) => void;

const place = document.querySelector('#root');
if (place === null) throw new Error('There is no #root.');
const root = createRoot(place);
const show: Show = (text) => flushSync(() => root.render(<Markdown text={text} />));
Object.assign(window, { show });
