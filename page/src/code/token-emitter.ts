import type { Emitter } from 'highlight.js';
import { kindOf } from './token.ts';
import type { Token, TokenKind } from './token.ts';

/** A place where a grammar can begin anew: the start of a line outside of strings, comments and the like. */
export interface Restart {
  readonly at: number;
  /** The language at that place: a script in a page has a language of its own. */
  readonly language: string | undefined;
}

/** Collects what the highlighter finds as tokens, so that no HTML is made. */
export class TokenEmitter implements Emitter {
  readonly tokens: Token[] = [];
  /** The last place where a grammar can begin anew. */
  restart: Restart | undefined;
  private length = 0;
  private readonly scopes: (TokenKind | undefined)[] = [];

  startScope(scope: string): void {
    // Code that is put into a string is code again.
    this.scopes.push(scope === 'subst' ? undefined : (kindOf(scope) ?? this.scopes.at(-1)));
  }

  endScope(): void {
    this.scopes.pop();
  }

  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  addText(text: string): void {
    if (text === '') return;
    this.push({ kind: this.scopes.at(-1), text });
    const line = text.lastIndexOf('\n');
    if (this.scopes.length === 0 && line >= 0)
      this.restart = { at: this.length - text.length + line + 1, language: undefined };
  }

  __addSublanguage(emitter: Emitter, language?: string): void {
    if (!(emitter instanceof TokenEmitter)) return;
    const start = this.length;
    for (const token of emitter.tokens) this.push(token);
    const { restart } = emitter;
    if (this.scopes.length === 0 && language !== undefined && restart !== undefined)
      this.restart = { at: start + restart.at, language: restart.language ?? language };
  }

  finalize(): void {}

  toHTML(): string {
    return '';
  }

  private push(token: Token): void {
    const last = this.tokens.at(-1);
    if (last !== undefined && last.kind === token.kind)
      this.tokens[this.tokens.length - 1] = { kind: token.kind, text: last.text + token.text };
    else this.tokens.push(token);
    this.length += token.text.length;
  }
}
