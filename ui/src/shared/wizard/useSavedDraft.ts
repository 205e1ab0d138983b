import { useCallback, useEffect, useRef, useState } from "react";
import { toFailure } from "../../ipc/call";
import type { Failure } from "../../ipc/generated/Failure";

/** Whether the draft is saved. */
export type Saving = { state: "saved" } | { state: "waiting" } | { state: "failed"; failure: Failure };

const WAIT_MS = 300;

/** A draft to save. */
export interface UnsavedDraft<S> {
  account: string;
  spec: S;
  step: string;
}

/** Where the draft of a wizard is kept. */
export interface DraftStore<S> {
  write: (draft: UnsavedDraft<S>) => Promise<unknown>;
  drop: () => Promise<unknown>;
}

interface SavedDraft {
  saving: Saving;
  /** Permanently discards the draft, including unsaved and later changes. */
  drop: () => Promise<void>;
}

/** Saves the draft shortly after each change, and immediately when the wizard closes. The store must not change. */
export function useSavedDraft<S>(store: DraftStore<S>, account: string, spec: S, step: string): SavedDraft {
  const [saving, setSaving] = useState<Saving>({ state: "saved" });
  const first = useRef(spec);
  const firstStep = useRef(step);
  const unsaved = useRef<UnsavedDraft<S> | null>(null);
  const underWay = useRef<Promise<unknown>>(Promise.resolve());
  const dropped = useRef(false);

  useEffect(() => {
    if (dropped.current || (spec === first.current && step === firstStep.current)) {
      return undefined;
    }
    const draft = { account, spec, step };
    unsaved.current = draft;
    setSaving({ state: "waiting" });
    const timer = setTimeout(() => {
      if (dropped.current) {
        return;
      }
      const keeping = keep(store, draft);
      underWay.current = keeping;
      void keeping.then((outcome) => {
        if (unsaved.current === draft) {
          unsaved.current = outcome.state === "saved" ? null : draft;
          setSaving(outcome);
        }
      });
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [store, account, spec, step]);

  useEffect(() => {
    const keepNow = (): void => {
      if (unsaved.current !== null) {
        void keep(store, unsaved.current);
        unsaved.current = null;
      }
    };
    window.addEventListener("pagehide", keepNow);
    return () => {
      window.removeEventListener("pagehide", keepNow);
      keepNow();
    };
  }, [store]);

  const drop = useCallback(async () => {
    dropped.current = true;
    unsaved.current = null;
    // A pending write would restore the draft.
    await underWay.current;
    await store.drop();
  }, [store]);
  return { saving, drop };
}

async function keep<S>(store: DraftStore<S>, draft: UnsavedDraft<S>): Promise<Saving> {
  try {
    await store.write(draft);
    return { state: "saved" };
  } catch (raw) {
    return { state: "failed", failure: toFailure(raw) };
  }
}
