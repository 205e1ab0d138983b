import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll } from "vitest";
import { setHost } from "../ipc/host";
import { startI18n } from "../shared/i18n";

/*
 * jsdom tries every rule of the document on each element whose style is asked for, and a query by role asks for nearly all of
 * them. Fluent brings a thousand rules with every window. Kept are those that decide what is shown, what can be clicked and
 * where words part, which is what the queries, user-event and axe look at; how it looks is judged by the screenshots.
 */
const DECIDES = /[{;\s](display|(content-)?visibility|pointer-events|position|float|opacity|clip(-path)?|overflow(-[xy])?)\s*:/;

const insertRule = CSSStyleSheet.prototype.insertRule;
CSSStyleSheet.prototype.insertRule = function (this: CSSStyleSheet, rule, index) {
  return DECIDES.test(rule) ? insertRule.call(this, rule, index) : 0;
};

/** Takes away the styles of windows that are gone: every renderer makes its own, and nobody else removes them. */
function removeStyles(): void {
  for (const style of document.head.querySelectorAll("style[data-make-styles-bucket]")) {
    style.remove();
  }
}

// What jsdom lacks and Fluent asks for.
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
globalThis.CSS ??= { escape: (text: string) => text.replace(/["\\.]/g, "\\$&") } as typeof CSS;
// jsdom lays nothing out, so it has no offset parents; Fluent takes an element without one for hidden.
Object.defineProperty(HTMLElement.prototype, "offsetParent", {
  get(this: HTMLElement) {
    return this.parentElement;
  },
});
Element.prototype.scrollIntoView ??= (): void => undefined;
globalThis.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;

// Pages and steps are loaded when they are first shown, which takes a moment on a busy machine.
configure({ asyncUtilTimeout: 8000 });

// The files share modules and document (`isolate: false`), so each begins by forgetting what the one before has left.
beforeAll(async () => {
  setHost(undefined as never);
  document.documentElement.removeAttribute("style");
  await startI18n("en");
});

afterEach(() => {
  cleanup();
  removeStyles();
});

// Fluent's focus library looks at the document a moment after the last component has gone.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 20)));
