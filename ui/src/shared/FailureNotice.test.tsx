import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { AzureFault } from "../ipc/generated/AzureFault";
import { toFailure } from "../ipc/call";
import { failure } from "../testing/fake/host";
import { renderSignedIn } from "../testing/render";
import { FailureNotice } from "./FailureNotice";

const said = (code: Parameters<typeof failure>[0], params: Record<string, string>): string => {
  const { unmount } = renderSignedIn(<FailureNotice failure={toFailure(failure(code, { params }))} />);
  const text = screen.getByTestId("failure").textContent ?? "";
  unmount();
  return text;
};

const shown = (fault: AzureFault): (string | null)[] => {
  renderSignedIn(<FailureNotice failure={toFailure(failure("policy_denied", { params: { policy: "No public addresses" }, azure: fault }))} />);
  return [...screen.getByTestId("azure-words").children].map((line) => line.textContent);
};

describe("Azure error details", () => {
  const azure: AzureFault = {
    status: 403,
    code: "RequestDisallowedByPolicy",
    message: "Resource 'k' was disallowed.",
    target: "k",
    outerCode: "BadRequest",
    outerMessage: "The request was invalid.",
    outerTarget: "pool",
    details: [
      { code: "RequestDisallowedByPolicy", message: "Resource 'k' was disallowed.", target: "k" },
      { code: "Other", message: "Something else.", target: "l" },
    ],
    inner: [],
    correlationId: "c-1",
  };
  it("are shown next to Berth's text, expanded, each once", () => {
    expect(shown(azure)).toEqual([
      "Azure's message: BadRequest: The request was invalid.",
      "target: pool",
      "detail: Other: Something else. (target: l)",
      "root cause: RequestDisallowedByPolicy: Resource 'k' was disallowed. (target: k)",
    ]);
    expect(screen.getByRole("alert").textContent).toContain("because of “No public addresses”");
  });

  it("are short for a simple error", () => {
    const plain = { ...azure, outerCode: null, outerMessage: null, outerTarget: null, details: [] };
    expect(shown(plain)).toEqual(["Azure's message: RequestDisallowedByPolicy: Resource 'k' was disallowed.", "target: k"]);
  });

  it("are shown once for an unclassified error", () => {
    const text = said("unclassified", {});
    expect(text).toContain("Berth does not recognize the reason. Try again.");
  });
});

describe("reason codes", () => {
  it("are translated", () => {
    expect(said("bad_input", { what: "location", value: "west europe", why: "character", character: "U+0020" })).toContain(
      "location: “west europe” contains the character U+0020",
    );
    expect(said("file_problem", { path: "/dev/zero", why: "not_a_file" })).toContain("/dev/zero cannot be used: it is a folder, a pipe or a device");
  });

  it("free text is shown as it is", () => {
    expect(said("bad_input", { what: "spec.json", why: "schema 2 is not 1: reason.no" })).toContain("spec.json: schema 2 is not 1: reason.no");
    expect(said("file_problem", { path: "/a" })).toContain("/a could not be read or written.");
  });
});
