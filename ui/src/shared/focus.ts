/** How long to wait for a step to render before giving up focusing its field. */
const PATIENCE_MS = 3000;

const FOCUSABLE = "input:not([type=hidden]):enabled, button:enabled, select:enabled, textarea:enabled, [tabindex]";

/** Focuses a field as soon as it is rendered; falls back to the nearest enclosing path. */
export function focusField(path: string | null): undefined | (() => void) {
  return path === null ? undefined : whenThere(() => fieldElement(path));
}

/** Moves the focus to the title of the step, so that a screen reader starts there. */
export function focusStepTitle(): () => void {
  return whenThere(() => document.querySelector<HTMLElement>("[data-step-title]"));
}

function fieldElement(path: string): HTMLElement | null {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const found = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(parts.slice(0, length).join("."))}"]`);
    if (found !== null) {
      const checked = found.querySelector<HTMLElement>("input[type=radio]:checked");
      return checked ?? (found.matches(FOCUSABLE) ? found : found.querySelector<HTMLElement>(FOCUSABLE));
    }
  }
  return null;
}

function whenThere(find: () => HTMLElement | null): () => void {
  const focus = (): boolean => {
    const element = find();
    element?.focus();
    element?.scrollIntoView?.({ block: "nearest" });
    return element !== null;
  };
  if (focus()) {
    return () => undefined;
  }
  const observer = new MutationObserver(() => {
    if (focus()) {
      stop();
    }
  });
  const timer = setTimeout(() => stop(), PATIENCE_MS);
  const stop = (): void => {
    clearTimeout(timer);
    observer.disconnect();
  };
  observer.observe(document.body, { childList: true, subtree: true });
  return stop;
}
