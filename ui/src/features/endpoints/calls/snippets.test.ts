import { describe, expect, it } from "vitest";
import { SNIPPETS, snippetOf } from "./snippets";

const URL = "https://ml.contoso.com/api/v1/endpoint/fraud/score";

describe("snippets", () => {
  it("call the endpoint with the key from a variable", () => {
    expect(snippetOf("curl", { url: URL, version: "blue", authenticated: true })).toBe(
      [
        `curl '${URL}' \\`,
        '  -H "Authorization: Bearer $ENDPOINT_KEY" \\',
        "  -H 'Content-Type: application/json' \\",
        "  -H 'azureml-model-deployment: blue' \\",
        "  --data-binary @request.json",
      ].join("\n"),
    );
    for (const language of SNIPPETS) {
      const text = snippetOf(language, { url: URL, version: "blue", authenticated: true });
      expect(text).toContain(URL);
      expect(text).toContain("ENDPOINT_KEY");
      expect(text).toContain("azureml-model-deployment");
    }
  });

  it("name no version and no key where there is none", () => {
    for (const language of SNIPPETS) {
      const text = snippetOf(language, { url: URL, version: null, authenticated: false });
      expect(text).not.toContain("azureml-model-deployment");
      expect(text).not.toContain("Bearer");
      expect(text).not.toContain("ENDPOINT_KEY");
    }
  });

  it("quote whatever Azure says", () => {
    const evil = "https://x/'; rm -rf ~ #\"\n${1}\u2028`";
    const call = { url: evil, version: "a'\"\\b", authenticated: true };
    expect(snippetOf("curl", call)).toContain("'https://x/'\\''; rm -rf ~ #\"\n${1}\u2028`'");
    for (const language of ["python", "csharp", "javascript"] as const) {
      const text = snippetOf(language, call);
      expect(text).toContain('"https://x/\'; rm -rf ~ #\\"\\n${1}\\u2028`"');
      expect(text).toContain("\"a'\\\"\\\\b\"");
    }
  });
});
