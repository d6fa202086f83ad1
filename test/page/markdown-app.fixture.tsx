// The page's own markdown. test/page/markdown.test.ts and test/security/markdown.test.ts open it.
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Markdown } from '../../page/src/parts/markdown.tsx';

/** Renders a text in place of the last one, as a delta does. */
export type Show = (text: string) => void;

const place = document.querySelector('#root');
if (place === null) throw new Error('There is no #root.');
const root = createRoot(place);
const show: Show = (text) => flushSync(() => root.render(<Markdown text={text} />));
Object.assign(window, { show });
