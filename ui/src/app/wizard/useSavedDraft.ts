import { useEffect, useRef, useState } from "react";
import { call, toFailure } from "../../ipc/call";
import type { DraftToKeep } from "../../ipc/generated/DraftToKeep";
import type { Failure } from "../../ipc/generated/Failure";
import type { Spec } from "../../ipc/generated/Spec";

/** Whether what is on the screen is kept. */
export type Saving = { state: "saved" } | { state: "waiting" } | { state: "failed"; failure: Failure };

const WAIT_MS = 300;

/** Keeps the draft a moment after each change, and at once when the wizard is left. */
export function useSavedDraft(account: string, spec: Spec, step: string): Saving {
  const [saving, setSaving] = useState<Saving>({ state: "saved" });
  const first = useRef(spec);
  const firstStep = useRef(step);
  const unsaved = useRef<DraftToKeep | null>(null);

  useEffect(() => {
    if (spec === first.current && step === firstStep.current) {
      return undefined;
    }
    const draft = { account, spec, step };
    unsaved.current = draft;
    setSaving({ state: "waiting" });
    const timer = setTimeout(() => {
      void keep(draft).then((outcome) => {
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
  return saving;
}

async function keep(draft: DraftToKeep): Promise<Saving> {
  try {
    await call("write_draft", draft);
    return { state: "saved" };
  } catch (raw) {
    return { state: "failed", failure: toFailure(raw) };
  }
}
