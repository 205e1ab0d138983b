import type { PairRef } from "../../ipc/generated/PairRef";
import type { Recipe } from "../../ipc/generated/Recipe";
import type { Spec } from "../../ipc/generated/Spec";
import type { Tls } from "../../ipc/generated/Tls";

export type TlsOf<K extends Tls["kind"]> = Extract<Tls, { kind: K }>;

/** How a pair is made unless the person says otherwise, as `Recipe::default()` in Rust. */
const RECIPE: Recipe = { issuer: "self_signed", key: "ecdsa_p256", days: 397 };

/** Another kind of TLS. The name callers use goes along; a certificate does not. */
export function withTlsKind(spec: Spec, kind: Tls["kind"]): Spec {
  return spec.tls?.kind === kind ? spec : { ...spec, tls: tlsOf(kind, cnameOf(spec.tls)) };
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
export function withMicrosoft(spec: Spec, part: Partial<TlsOf<"microsoft">>): Spec {
  return spec.tls?.kind === "microsoft" ? { ...spec, tls: { ...spec.tls, ...part } } : spec;
}

/** Another name. A pair that Berth made is for the former name, so it is made anew; one's own is looked at again. */
export function withCname(spec: Spec, typed: string): Spec {
  const cname = typed.trim();
  const { tls } = spec;
  if (tls?.kind === "own") {
    return { ...spec, tls: { ...tls, cname } };
  }
  return tls?.kind === "generated" ? { ...spec, tls: { ...tls, cname, pair: cname === tls.cname ? tls.pair : null } } : spec;
}

/** Another way of making it. A pair made the former way no longer is what was asked for. */
export function withRecipe(spec: Spec, part: Partial<Recipe>): Spec {
  return spec.tls?.kind === "generated" ? { ...spec, tls: { ...spec.tls, recipe: { ...spec.tls.recipe, ...part }, pair: null } } : spec;
}

/** The pair that was taken in or made. */
export function withPair(spec: Spec, pair: PairRef | null): Spec {
  return spec.tls?.kind === "own" || spec.tls?.kind === "generated" ? { ...spec, tls: { ...spec.tls, pair } } : spec;
}

/** Paths as a person types them: one a line, or with `;` between. Quotation marks around a path are not part of it. */
export function pathsIn(typed: string): string[] {
  return typed
    .split(/[;\n]/)
    .map((path) => path.trim().replace(/^(["'])(.*)\1$/, "$2"))
    .filter((path) => path !== "");
}
