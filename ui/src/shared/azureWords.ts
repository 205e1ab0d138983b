import type { AzureFault } from "../ipc/generated/AzureFault";
import type { AzureWords } from "../ipc/generated/AzureWords";

/** A line of an Azure error; `label` is a key under `failures:azure`. */
export interface AzurePart {
  label: "title" | "target" | "detail" | "inner" | "cause";
  words: AzureWords;
}

/** The outermost error. Earlier journals have only its code. */
function outermost(azure: AzureFault): AzureWords | null {
  const { code, outerCode, outerMessage, outerTarget } = azure;
  return outerCode === null && outerMessage === null ? null : { code: outerCode ?? code, message: outerMessage ?? "", target: outerTarget };
}

/** Whether one error adds nothing to another, allowing for truncation. */
function isSaidBy(words: AzureWords, other: AzureWords): boolean {
  return (
    words.code === other.code &&
    other.message.startsWith(words.message.replace(/…+$/u, "")) &&
    (words.target === null || words.target === other.target)
  );
}

/** The lines of an Azure error without duplicates: the outermost error, its details, and the root cause if different. */
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
