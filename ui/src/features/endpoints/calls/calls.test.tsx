import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { answered } from "../../../testing/fake/calls";
import { endpoints } from "../../../testing/fake/endpoints";
import { failure } from "../../../testing/fake/host";
import { expectAccessible, renderApp } from "../../../testing/render";

type Answers = Parameters<typeof renderApp>[1];

const idOf = (name: string): string => endpoints.find((one) => one.name === name)?.id ?? "";
const open = (name: string, answers: Answers = {}): ReturnType<typeof renderApp> => renderApp({ name: "endpoint", endpointId: idOf(name) }, answers);

describe("try it", () => {
  it("sends the request to the chosen version, and shows the answer", async () => {
    const { user, host } = open("fraud-v2");
    await user.selectOptions(await screen.findByTestId("try-version"), "green");
    await user.clear(screen.getByTestId("request-text"));
    await user.type(screen.getByTestId("request-text"), "[[1");
    expect(screen.getByText(/This is not JSON/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Send" }));
    const answer = await screen.findByTestId("answer");
    expect(answer.textContent).toContain("Status 200 after 42 ms, from green.");
    expect(within(answer).getByTestId("answer-body").textContent).toContain("5.5");
    expect(host.calls).toContainEqual({
      command: "call_endpoint",
      args: { call: { account: "sandbox", endpointId: idOf("fraud-v2"), version: "green", trustedHost: null }, request: { kind: "text", text: "[1" } },
    });
    await expectAccessible();
  });

  it("explains a failed call", async () => {
    const outcomes = [answered("{}", 401), { ...answered("{}"), answer: null, end: "untrusted" as const, detail: "self-signed" }];
    const { user } = open("fraud-v2", { call_endpoint: () => outcomes.shift() ?? answered("{}") });
    await user.click(await screen.findByTestId("send"));
    expect((await screen.findByTestId("answer")).textContent).toContain("The endpoint rejected the key or token.");
    await user.click(screen.getByTestId("send"));
    const ended = await screen.findByTestId("call-ended");
    expect(ended.textContent).toContain("Nothing was sent.");
    expect(ended.textContent).toContain("self-signed");
    await expectAccessible();
  });

  it("sends a key to an unconfirmed host only when the person says so", async () => {
    const { user, host } = open("fraud-v2", {
      call_endpoint: ({ call }) => {
        if (call.trustedHost === null) {
          throw failure("not_called", { params: { reason: "address_unconfirmed", host: "ml.contoso.com" } });
        }
        return answered("{}");
      },
    });
    await user.click(await screen.findByTestId("send"));
    expect((await screen.findByTestId("try-failure")).textContent).toContain("Berth cannot confirm that ml.contoso.com");
    await user.click(screen.getByTestId("trust-host"));
    await user.click(screen.getByTestId("send"));
    expect(await screen.findByTestId("answer")).toBeTruthy();
    expect(host.calls.at(-1)).toMatchObject({ args: { call: { trustedHost: "ml.contoso.com" } } });
  });

  it("sends a file, and keeps samples", async () => {
    const { user, host } = open("fraud-v2");
    await user.type(await screen.findByTestId("sample-name"), "small");
    await user.click(screen.getByTestId("sample-save"));
    await user.click(screen.getByTestId("choose-request"));
    expect(await screen.findByDisplayValue("large.json")).toBeTruthy();
    await user.click(screen.getByTestId("send"));
    await screen.findByTestId("answer");
    expect(host.calls.at(-1)).toMatchObject({ args: { request: { kind: "file", file: "f-9" } } });
    await user.selectOptions(await screen.findByTestId("sample-open"), "small");
    expect(screen.getByTestId<HTMLTextAreaElement>("request-text").value).toContain("data");
    await user.click(screen.getByTestId("sample-delete"));
    await waitFor(() => expect(screen.queryByTestId("sample-open")).toBeNull());
  });

  it("says that a plain address shows the key to others, and writes code without one where there is none", async () => {
    const { user } = open("risk-eval");
    expect((await screen.findByTestId("try-plain")).textContent).toContain("not encrypted");
    await user.click(screen.getByRole("tab", { name: "Python" }));
    const snippet = screen.getByTestId("snippet").textContent;
    expect(snippet).toContain("urllib.request");
    expect(snippet).not.toContain("ENDPOINT_KEY");
    expect(screen.getByTestId("keys").textContent).toContain("There are no keys.");
  });

  it("is not offered without an address", async () => {
    open("sentiment");
    expect(await screen.findByTestId("facts")).toBeTruthy();
    expect(screen.queryByTestId("try")).toBeNull();
  });
});

describe("keys", () => {
  it("are copied without reaching the page", async () => {
    const { user, host } = open("fraud-v2");
    await user.click(await screen.findByRole("button", { name: "Copy secondary key" }));
    expect((await screen.findByTestId("copied")).textContent).toContain("The secondary key is on the clipboard. Berth clears the clipboard after a minute");
    expect(host.calls).toContainEqual({ command: "copy_credential", args: { endpoint: { account: "sandbox", resourceId: idOf("fraud-v2") }, which: "secondary" } });
    await expectAccessible();
  });

  it.each(["fraud-v2", "credit-score"])("of %s are regenerated after a review that says who breaks", async (name) => {
    const { user } = open(name);
    await user.click(await screen.findByRole("button", { name: "Regenerate secondary key…" }));
    expect(await screen.findByRole("heading", { level: 1, name: `Regenerate a key of ${name}` })).toBeTruthy();
    expect((await screen.findAllByText(new RegExp(`Everyone who calls ${name} with its secondary key is refused`))).length).toBeGreaterThan(0);
    expect(await screen.findByText(`Regenerate the secondary key of ${name}`)).toBeTruthy();
    expect(await screen.findByText(`Call ${name} with the new key`)).toBeTruthy();
    await expectAccessible();
  });

  it("of tokens come with their times", async () => {
    const { user } = open("sentiment");
    await user.click(await screen.findByTestId("copy-token"));
    expect((await screen.findByTestId("token-times")).textContent).toMatch(/Get a new token after .*2026.* expires at .*2026/);
  });
});
