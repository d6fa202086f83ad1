import { choices } from '../choices/choices.ts';

/** Shows the chosen theme, now and after each change. The style sheets read it from the root element. */
export function showTheme(): void {
  const show = (): void => {
    const theme = choices.theme.get();
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  };
  show();
  choices.theme.subscribe(show);
}
