import { describe, expect, it } from "vitest";
import { visible } from "./visible";

describe("visible", () => {
  it.each([
    ["\u001b[31mred", "\\u001b[31mred"],
    ["admin\u202egnp.exe", "admin\\u202egnp.exe"],
    ["a\u200bb\ufeff", "a\\u200bb\\ufeff"],
    ["a\u2066b\u2069", "a\\u2066b\\u2069"],
    ["\u{e0041}", "\\udb40\\udc41"],
    ["a\rb\u2028c", "a\\u000db\\u2028c"],
  ])("shows %j", (text, shown) => {
    expect(visible({ rows: [{ name: text }] })).toEqual({ rows: [{ name: shown }] });
  });

  it("leaves ordinary replies as they are", () => {
    const reply = { name: "São Paulo\n\t日本語 😀", count: 3, none: null, list: ["a", true] };
    expect(visible(reply)).toBe(reply);
  });

  it("escapes member names too", () => {
    expect(visible({ "a\u202eb": 1 })).toEqual({ "a\\u202eb": 1 });
  });
});
