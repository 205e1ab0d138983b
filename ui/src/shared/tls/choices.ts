import type { PairRef } from "../../ipc/generated/PairRef";
import type { Recipe } from "../../ipc/generated/Recipe";
import type { Tls } from "../../ipc/generated/Tls";

export type TlsOf<K extends Tls["kind"]> = Extract<Tls, { kind: K }>;

/** Changes what was chosen so far; nothing is chosen at first. */
export type UpdateTls = (change: (before: Tls | null) => Tls | null) => void;

/** How a pair is made unless the person says otherwise, as `Recipe::default()` in Rust. */
const RECIPE: Recipe = { issuer: "self_signed", key: "ecdsa_p256", days: 397 };

/** Another kind of TLS. The name callers use goes along; a certificate does not. */
export function withTlsKind(before: Tls | null, kind: Tls["kind"]): Tls {
  return before?.kind === kind ? before : tlsOf(kind, cnameOf(before));
}

function tlsOf(kind: Tls["kind"], cname: string): Tls {
  switch (kind) {
    case "none":
      return { kind };
    case "microsoft":
      return { kind, leafDomainLabel: "", overwriteExistingDomain: false };
    case "own":
      return { kind, cname, pair: null };
    case "generated":
      return { kind, cname, recipe: RECIPE, pair: null };
  }
}

/** The name callers use, where there is one. */
export function cnameOf(tls: Tls | null): string {
  return tls !== null && "cname" in tls ? tls.cname : "";
}

/** Some values of the certificate of Microsoft. */
export function withMicrosoft(before: Tls | null, part: Partial<TlsOf<"microsoft">>): Tls | null {
  return before?.kind === "microsoft" ? { ...before, ...part } : before;
}

/** Another name. A pair that Berth made is for the former name, so it is made anew; one's own is looked at again. */
export function withCname(before: Tls | null, typed: string): Tls | null {
  const cname = typed.trim();
  if (before?.kind === "own") {
    return { ...before, cname };
  }
  return before?.kind === "generated" ? { ...before, cname, pair: cname === before.cname ? before.pair : null } : before;
}

/** Another way of making it. A pair made the former way no longer is what was asked for. */
export function withRecipe(before: Tls | null, part: Partial<Recipe>): Tls | null {
  return before?.kind === "generated" ? { ...before, recipe: { ...before.recipe, ...part }, pair: null } : before;
}

/** The pair that was taken in or made. */
export function withPair(before: Tls | null, pair: PairRef | null): Tls | null {
  return before?.kind === "own" || before?.kind === "generated" ? { ...before, pair } : before;
}

/** Paths as a person types them: one a line, or with `;` between. Quotation marks around a path are not part of it. */
export function pathsIn(typed: string): string[] {
  return typed
    .split(/[;\n]/)
    .map((path) => path.trim().replace(/^(["'])(.*)\1$/, "$2"))
    .filter((path) => path !== "");
}
