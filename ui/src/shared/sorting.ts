/** Compares names as people do: 9 before 10, whatever the case. */
export const natural = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });

/** Whether a text has every word of a filter. */
export function hasWords(text: string, filter: string): boolean {
  const searched = text.toLowerCase();
  return filter.trim().toLowerCase().split(/\s+/).every((word) => searched.includes(word));
}
