/** The steps as they are typed, such as `5, 25, 50, 100`; `null` if one is no whole percentage from 1 to 100. */
export function parseSteps(text: string): number[] | null {
  const parts = text.split(/[\s,;%]+/).filter((part) => part !== "");
  const steps = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  return steps.length > 0 && steps.every((step) => step >= 1 && step <= 100) ? steps : null;
}
