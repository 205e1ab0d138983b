import type { NewServicePrincipal } from "../../ipc/generated/NewServicePrincipal";

/** What is wrong with a field: a key of the catalogue `welcome`. */
export type FormProblem = "needed" | "needGuid";
export type FormProblems = Partial<Record<keyof NewServicePrincipal, FormProblem>>;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Shape only: whether the values are right is Entra ID's word. */
export function validate(form: NewServicePrincipal): FormProblems {
  const problems: FormProblems = {};
  for (const field of ["label", "tenantId", "clientId", "clientSecret"] as const) {
    if (form[field].trim() === "") {
      problems[field] = "needed";
    }
  }
  if (problems.clientId === undefined && !GUID.test(form.clientId.trim())) {
    problems.clientId = "needGuid";
  }
  return problems;
}
