import type { PairRef } from "../../ipc/generated/PairRef";
import type { Recipe } from "../../ipc/generated/Recipe";
import type { Tls } from "../../ipc/generated/Tls";

export type TlsOf<K extends Tls["kind"]> = Extract<Tls, { kind: K }>;

/** Updates the TLS choice; initially there is none. */
export type UpdateTls = (change: (before: Tls | null) => Tls | null) => void;

/** Defaults for a new certificate; mirrors `Recipe::default()` in Rust. */
const RECIPE: Recipe = { issuer: "self_signed", key: "rsa2048", days: 397 };

/** Switches the kind of TLS. Keeps the domain name but not the certificate. */
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

/** The domain name, if any. */
export function cnameOf(tls: Tls | null): string {
  return tls !== null && "cname" in tls ? tls.cname : "";
}

/** Updates values of the Microsoft certificate. */
export function withMicrosoft(before: Tls | null, part: Partial<TlsOf<"microsoft">>): Tls | null {
  return before?.kind === "microsoft" ? { ...before, ...part } : before;
}

/** Changes the domain name. A certificate made by Berth is dropped and recreated; the user's own is checked again. */
export function withCname(before: Tls | null, typed: string): Tls | null {
  const cname = typed.trim();
  if (before?.kind === "own") {
    return { ...before, cname };
  }
  return before?.kind === "generated" ? { ...before, cname, pair: cname === before.cname ? before.pair : null } : before;
}

/** Changes how the certificate is made, dropping one made with other settings. */
export function withRecipe(before: Tls | null, part: Partial<Recipe>): Tls | null {
  return before?.kind === "generated" ? { ...before, recipe: { ...before.recipe, ...part }, pair: null } : before;
}

/** The imported or created certificate. */
export function withPair(before: Tls | null, pair: PairRef | null): Tls | null {
  return before?.kind === "own" || before?.kind === "generated" ? { ...before, pair } : before;
}

/** Parses typed paths: one per line or separated by `;`. Surrounding quotation marks are removed. */
export function pathsIn(typed: string): string[] {
  return typed
    .split(/[;\n]/)
    .map((path) => path.trim().replace(/^(["'])(.*)\1$/, "$2"))
    .filter((path) => path !== "");
}
