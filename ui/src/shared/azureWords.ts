import type { AzureFault } from "../ipc/generated/AzureFault";
import type { AzureWords } from "../ipc/generated/AzureWords";

/** A part of what Azure said: `label` is a key below `failures:azure`. */
export interface AzurePart {
  label: "title" | "target" | "detail" | "inner" | "cause";
  words: AzureWords;
}

/** The outermost error: what Azure said first. Those of earlier journals have its code alone. */
function outermost(azure: AzureFault): AzureWords | null {
  const { code, outerCode, outerMessage, outerTarget } = azure;
  return outerCode === null && outerMessage === null ? null : { code: outerCode ?? code, message: outerMessage ?? "", target: outerTarget };
}

/** Whether one error says nothing that another does not, but that it may be cut. */
function isSaidBy(words: AzureWords, other: AzureWords): boolean {
  return (
    words.code === other.code &&
    other.message.startsWith(words.message.replace(/…+$/u, "")) &&
    (words.target === null || words.target === other.target)
  );
}

/** Everything Azure said and nothing twice: the outermost error, what it lists, and the innermost cause where that is another. */
export function azureParts(azure: AzureFault): AzurePart[] {
  const cause: AzureWords = { code: azure.code, message: azure.message, target: azure.target };
  const outer = outermost(azure);
  const first = outer ?? cause;
  const about = first.target ?? "";
  const more = (words: AzureWords): boolean => !isSaidBy(words, first) && !isSaidBy(words, cause);
  const innermost: AzureWords = {
    code: cause.code,
    message: cause.message === first.message ? "" : cause.message,
    target: cause.target === first.target ? null : cause.target,
  };
  const parts: AzurePart[] = [
    { label: "title", words: { ...first, target: null } },
    { label: "target", words: { code: "", message: about, target: null } },
    ...azure.details.filter(more).map((words): AzurePart => ({ label: "detail", words })),
    ...azure.inner.filter(more).map((words): AzurePart => ({ label: "inner", words })),
    ...(outer === null ? [] : [{ label: "cause", words: innermost } as const]),
  ];
  return parts.filter(({ words }) => words.code !== "" || words.message !== "");
}
