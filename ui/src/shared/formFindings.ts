import { createContext, useContext } from "react";
import type { Finding } from "../ipc/generated/Finding";

/** What the rules say about the fields of a form, and how the form learns that a field was left. */
export interface FormFindings {
  /** Findings to show at a field now. */
  shownAt: (path: string) => readonly Finding[];
  /** Says that a person has left a field: from then on its findings are shown. */
  touch: (path: string) => void;
}

/** A form of which no rule speaks. */
const SILENT: FormFindings = { shownAt: () => [], touch: () => undefined };

/** The form around a field; whoever holds the form provides it. */
export const FormFindingsContext = createContext<FormFindings>(SILENT);

/** What the form around a field says about it. */
export function useFormFindings(): FormFindings {
  return useContext(FormFindingsContext);
}

/** Whether a finding is about the field at `path`: the field itself or a part of it. */
export function isAbout(finding: Finding, path: string): boolean {
  return finding.field === path || (finding.field?.startsWith(`${path}.`) ?? false);
}
