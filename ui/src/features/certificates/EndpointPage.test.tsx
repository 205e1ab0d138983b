import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { facts } from "../../testing/fake/certificate";
import { computeId } from "../../testing/fake/certificates";
import { seenOf } from "../../testing/fake/dns";
import { INSIDE, expectAccessible, renderApp } from "../../testing/render";
import { differencesOf, elapsedOf, namesIn, spaced } from "./rows";

type Rendered = ReturnType<typeof renderApp>;

const open = (name: string, answers: Parameters<typeof renderApp>[1] = {}): Rendered =>
  renderApp({ name: "endpoint_certificates", computeId: computeId(name) }, answers);

describe("endpoint page", () => {
  it("shows each place and its differences", async () => {
    open("prod-01", { look_up_dns: () => seenOf({ agrees: true }) });
    expect(await screen.findByRole("heading", { level: 1, name: "scoring.contoso.com" })).toBeTruthy();
    expect(screen.getByTestId("differs-cluster").textContent).toBe("Different fingerprint, dates");
    expect(screen.queryByTestId("differs-wire")).toBeNull();
    // An observed certificate has no key, so none is missing.
    expect(screen.queryByTestId("check-key")).toBeNull();
    expect(screen.getByTestId("check-dates").dataset["state"]).toBe("warning");
    expect(screen.getByTestId("dns-scoring.contoso.com").textContent).toContain("20.101.44.7");
    await expectAccessible();
  });

  it("renews a certificate that Berth can reissue, after review", async () => {
    const { user, host } = open("prod-01");
    await user.click(await screen.findByRole("button", { name: "Renew now" }));
    await user.click(within(await screen.findByRole("dialog", INSIDE)).getByTestId("confirm-renew"));
    expect(await screen.findByTestId("renewed-prod-01")).toBeTruthy();
    expect(host.calls.find(({ command }) => command === "renew_certificates")?.args).toEqual({ account: "sandbox", computeIds: [computeId("prod-01")] });
  });

  it("opens the TLS change for other certificates", async () => {
    const { user } = open("scoring");
    await user.click(await screen.findByRole("button", { name: "Replace certificate…" }));
    await waitFor(() => expect(screen.getByTestId("change-page").dataset["kind"]).toBe("tls"));
  });

  it("shows why a place could not be read", async () => {
    open("fraud");
    expect((await screen.findByTestId("place-cluster")).textContent).toContain("secret azuremlfessl: forbidden");
    expect(screen.getByRole("button", { name: "Renew certificate…" })).toBeTruthy();
  });

  it("shows that TLS is off, and offers to turn it on", async () => {
    renderApp({ name: "endpoint_certificates", computeId: computeId("risk-dev", "rg-risk", "credit-risk") });
    await waitFor(() => expect(screen.getByTestId("renewal").textContent).toContain("TLS is off"));
    expect(screen.getByRole("button", { name: "Turn TLS on…" })).toBeTruthy();
    expect(screen.queryByTestId("place-wire")).toBeNull();
  });

  it("reports an endpoint that no longer exists", async () => {
    open("long-gone");
    expect(await screen.findByText("This endpoint no longer exists.")).toBeTruthy();
  });
});

describe("a certificate", () => {
  const certificate = facts("ml.contoso.com");

  it("has an elapsed part of its lifetime", () => {
    expect(elapsedOf({ ...certificate, daysLeft: 30, lifeDays: 90 })).toBeCloseTo(2 / 3);
    expect(elapsedOf({ ...certificate, daysLeft: -4, lifeDays: 90 })).toBe(1);
    expect(elapsedOf({ ...certificate, daysLeft: 0, lifeDays: 0 })).toBe(1);
  });

  it("lists its differences from another", () => {
    expect(differencesOf(certificate, certificate)).toEqual([]);
    expect(differencesOf(certificate, { ...certificate, names: [...certificate.names].reverse() })).toEqual([]);
    expect(differencesOf(certificate, { ...certificate, sha256: "b", keyBits: 2048 })).toEqual(["fingerprint", "key"]);
  });

  it("is formatted for comparing and typing", () => {
    expect(spaced("0123456789")).toBe("0123 4567 89");
    expect(namesIn(" ML.contoso.com., *.a.b\nml.contoso.com;")).toEqual(["ml.contoso.com", "*.a.b"]);
  });
});
