import { createContext, useContext } from "react";
import type { Finding } from "../ipc/generated/Finding";

/** Findings for the fields of a form, and the blur notification. */
export interface FormFindings {
  /** Findings to show at a field. */
  shownAt: (path: string) => readonly Finding[];
  /** Called when a field loses focus; from then on its findings are shown. */
  touch: (path: string) => void;
}

/** A form without findings. */
const SILENT: FormFindings = { shownAt: () => [], touch: () => undefined };

/** The form around a field, provided by the form component. */
export const FormFindingsContext = createContext<FormFindings>(SILENT);

/** The findings of the form for a field. */
export function useFormFindings(): FormFindings {
  return useContext(FormFindingsContext);
}

/** Whether a finding is about the field at `path`: the field itself or a part of it. */
export function isAbout(finding: Finding, path: string): boolean {
  return finding.field === path || (finding.field?.startsWith(`${path}.`) ?? false);
}
