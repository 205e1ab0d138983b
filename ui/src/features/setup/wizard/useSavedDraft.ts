import { useCallback, useEffect, useRef, useState } from "react";
import { call, toFailure } from "../../../ipc/call";
import type { DraftToKeep } from "../../../ipc/generated/DraftToKeep";
import type { Failure } from "../../../ipc/generated/Failure";
import type { Spec } from "../../../ipc/generated/Spec";

/** Whether the draft is saved. */
export type Saving = { state: "saved" } | { state: "waiting" } | { state: "failed"; failure: Failure };

const WAIT_MS = 300;

interface SavedDraft {
  saving: Saving;
  /** Permanently discards the draft, including unsaved and later changes. */
  drop: () => Promise<void>;
}

/** Saves the draft shortly after each change, and immediately when the wizard closes. */
export function useSavedDraft(account: string, spec: Spec, step: string): SavedDraft {
  const [saving, setSaving] = useState<Saving>({ state: "saved" });
  const first = useRef(spec);
  const firstStep = useRef(step);
  const unsaved = useRef<DraftToKeep | null>(null);
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
      const keeping = keep(draft);
      underWay.current = keeping;
      void keeping.then((outcome) => {
        if (unsaved.current === draft) {
          unsaved.current = outcome.state === "saved" ? null : draft;
          setSaving(outcome);
        }
      });
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [account, spec, step]);

  useEffect(() => {
    const keepNow = (): void => {
      if (unsaved.current !== null) {
        void keep(unsaved.current);
        unsaved.current = null;
      }
    };
    window.addEventListener("pagehide", keepNow);
    return () => {
      window.removeEventListener("pagehide", keepNow);
      keepNow();
    };
  }, []);

  const drop = useCallback(async () => {
    dropped.current = true;
    unsaved.current = null;
    // A pending write would restore the draft.
    await underWay.current;
    await call("drop_draft", {});
  }, []);
  return { saving, drop };
}

async function keep(draft: DraftToKeep): Promise<Saving> {
  try {
    await call("write_draft", draft);
    return { state: "saved" };
  } catch (raw) {
    return { state: "failed", failure: toFailure(raw) };
  }
}
