import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll } from "vitest";
import { setHost } from "../ipc/host";
import { startI18n } from "../shared/i18n";

/*
 * jsdom matches every CSS rule against each element whose style is read, and a query by role reads nearly all of
 * them. Fluent adds a thousand rules per window. Keep only those that affect visibility, clickability and text
 * boundaries, which the queries, user-event and axe depend on; screenshots cover the appearance.
 */
const DECIDES = /[{;\s](display|(content-)?visibility|pointer-events|position|float|opacity|clip(-path)?|overflow(-[xy])?)\s*:/;

const insertRule = CSSStyleSheet.prototype.insertRule;
CSSStyleSheet.prototype.insertRule = function (this: CSSStyleSheet, rule, index) {
  return DECIDES.test(rule) ? insertRule.call(this, rule, index) : 0;
};

/** Removes the styles of unmounted windows: every renderer creates its own, and nothing else removes them. */
function removeStyles(): void {
  for (const style of document.head.querySelectorAll("style[data-make-styles-bucket]")) {
    style.remove();
  }
}

// APIs that Fluent needs and jsdom lacks.
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
globalThis.CSS ??= { escape: (text: string) => text.replace(/["\\.]/g, "\\$&") } as typeof CSS;
// jsdom has no layout and so no offset parents; Fluent treats an element without one as hidden.
Object.defineProperty(HTMLElement.prototype, "offsetParent", {
  get(this: HTMLElement) {
    return this.parentElement;
  },
});
Element.prototype.scrollIntoView ??= (): void => undefined;
globalThis.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;

// Pages and steps are loaded lazily, which takes a moment on a busy machine.
configure({ asyncUtilTimeout: 8000 });

// Test files share modules and the document (`isolate: false`), so each starts by resetting them.
beforeAll(async () => {
  setHost(undefined as never);
  document.documentElement.removeAttribute("style");
  await startI18n("en");
});

afterEach(() => {
  cleanup();
  removeStyles();
});

// Fluent's focus library accesses the document shortly after the last component unmounts.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 20)));
