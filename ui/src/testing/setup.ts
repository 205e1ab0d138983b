import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll } from "vitest";
import { startI18n } from "../shared/i18n";
import { setHost } from "../ipc/host";
import { removeStyles } from "./styles";

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
