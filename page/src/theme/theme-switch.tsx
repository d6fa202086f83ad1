import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import { choices, themes } from '../choices/choices.ts';
import { useChoice } from '../choices/use-choice.ts';
import { strings } from '../strings/strings.ts';

/** Renders the choice between the system's theme, a light and a dark one. */
export function ThemeSwitch(): ReactElement {
  const chosen = useChoice(choices.theme);
  return (
    <fieldset className="theme-switch" data-testid="theme">
      <legend className="sr-only">{strings.theme}</legend>
      {themes.map((theme) => (
        <label key={theme} title={strings.themes[theme]}>
          <input
            type="radio"
            name="theme"
            value={theme}
            checked={theme === chosen}
            onChange={() => choices.theme.set(theme)}
          />
          <Icon name={theme} />
          <span className="sr-only">{strings.themes[theme]}</span>
        </label>
      ))}
    </fieldset>
  );
}
