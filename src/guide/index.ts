export { createGuide } from './create-guide.ts';
export { pageWords } from './page-words.ts';
