import type { ReactNode } from "react";

/** Berth's logo, in the same colors in every theme. */
export function BerthMark({ size }: { size: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="64 64 896 896" aria-hidden="true" style={{ forcedColorAdjust: "none" }}>
      <rect x="64" y="64" width="896" height="896" rx="200" fill="#0B5C8A" />
      <path d="M512 208l228 128v176L512 640 284 512V336z" fill="#ffffff" />
      <path d="M512 208l228 128-228 128-228-128z" fill="#CFE6F3" />
      <path d="M512 464v176L284 512V336z" fill="#8FC3E0" />
      <path
        d="M208 724c76 0 76 52 152 52s76-52 152-52 76 52 152 52 76-52 152-52"
        fill="none"
        stroke="#ffffff"
        strokeWidth="52"
        strokeLinecap="round"
      />
    </svg>
  );
}
