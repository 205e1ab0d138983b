/**
 * Characters that change how text is displayed: controls, bidirectional marks, zero-width characters
 * (Unicode categories Cc, Cf, Zl and Zp, and invisible fillers). Line feeds and tabs are allowed.
 */
// eslint-disable-next-line no-control-regex -- these are the characters to find
const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}\u{0}-\u{8}\u{b}-\u{1f}\u{7f}-\u{9f}\u{115f}\u{1160}\u{3164}\u{ffa0}]|\u{34f}|\u{17b4}|\u{17b5}|[\u{180b}-\u{180f}]/gu;

/** Escapes every such character in a reply as `\u202e`. Unchanged values keep their identity. */
export function visible<T>(reply: T): T {
  return inValue(reply) as T;
}

function inValue(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(HIDDEN, escaped);
  }
  if (Array.isArray(value)) {
    const items = value.map(inValue);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, member]) => [inValue(name), inValue(member)] as const);
    const changed = Object.entries(value).some(([name, member], at) => members[at]?.[0] !== name || members[at]?.[1] !== member);
    return changed ? Object.fromEntries(members) : value;
  }
  return value;
}

function escaped(letter: string): string {
  return Array.from({ length: letter.length }, (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
}
