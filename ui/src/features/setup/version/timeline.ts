import type { Lane } from "../../../ipc/generated/Lane";

/** The part of time a line shows, in milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** A quarter on the axis. */
export interface Quarter {
  /** Start position, 0 to 100. */
  at: number;
  quarter: number;
  year: number;
}

/** A part of a lane's bar, 0 to 100. */
export interface Bar {
  kind: "preview" | "community" | "lts";
  past: boolean;
  from: number;
  to: number;
}

const DAY = 86_400_000;
const MONTHS_BACK = 9;
const MONTHS_AHEAD = 27;

/** From three quarters before today until most support has ended, in whole quarters. */
export function spanAround(today: string): Span {
  const now = new Date(today);
  const from = quarterStart(now.getUTCFullYear(), now.getUTCMonth() - MONTHS_BACK);
  const to = quarterStart(now.getUTCFullYear(), now.getUTCMonth() + MONTHS_AHEAD);
  return { from, to };
}

/** Position of a day, 0 to 100, clamped to the edges. */
export function positionOf(day: string, { from, to }: Span): number {
  const share = ((new Date(day).getTime() - from) / (to - from)) * 100;
  return Math.min(100, Math.max(0, share));
}

/** The quarters of a span. */
export function quartersOf(span: Span): Quarter[] {
  const quarters: Quarter[] = [];
  let day = new Date(span.from);
  while (day.getTime() < span.to) {
    const month = day.getUTCMonth();
    quarters.push({ at: positionOf(day.toISOString(), span), quarter: Math.floor(month / 3) + 1, year: day.getUTCFullYear() });
    day = new Date(Date.UTC(day.getUTCFullYear(), month + 3, 1));
  }
  return quarters;
}

/** The bars of a lane: past faded, community support solid, long-term support hatched. None without dates. */
export function barsOf(lane: Lane, today: string, span: Span): Bar[] {
  const { available, communityEnd, ltsEnd } = lane;
  if (available === null || communityEnd === null) {
    return [];
  }
  const support: [Bar["kind"], string, string][] = [[lane.phase === "preview" ? "preview" : "community", available, communityEnd]];
  if (ltsEnd !== null) {
    support.push(["lts", communityEnd, ltsEnd]);
  }
  const now = positionOf(today, span);
  return support.flatMap(([kind, first, last]) => {
    const from = positionOf(first, span);
    const to = positionOf(last, span);
    const parts: Bar[] = [
      { kind, past: true, from, to: Math.min(to, now) },
      { kind, past: false, from: Math.max(from, now), to },
    ];
    return parts.filter((bar) => bar.to > bar.from);
  });
}

/** The last day of the relevant support; `null` if not published. */
export function endOf(lane: Lane, withLts: boolean): string | null {
  return lane.phase === "lts_only" || (withLts && lane.offersLts) ? lane.ltsEnd : lane.communityEnd;
}

/** Whether a lane can be chosen as things stand. */
export function canChoose(lane: Lane, withLts: boolean): boolean {
  return withLts ? lane.selectableWithLts : lane.selectable;
}

/** The lanes inside the window that Azure ML supports, as first and last index; `null` when there is none. */
export function amlWindow(lanes: readonly Lane[]): { first: number; last: number } | null {
  const inside = lanes.flatMap((lane, at) => (lane.inAmlWindow ? [at] : []));
  const [first] = inside;
  return first === undefined ? null : { first, last: inside.at(-1) ?? first };
}

/** `1.36` of `1.36.2`. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((new Date(to).getTime() - new Date(from).getTime()) / DAY);
}

function quarterStart(year: number, month: number): number {
  const first = new Date(Date.UTC(year, month, 1));
  return Date.UTC(first.getUTCFullYear(), Math.floor(first.getUTCMonth() / 3) * 3, 1);
}
