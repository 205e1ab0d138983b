import type { CallOutcome } from "../../ipc/generated/CallOutcome";
import type { RequestSample } from "../../ipc/generated/RequestSample";
import type { Answers } from "./answers";

/** Answers about calling endpoints, their keys and samples. */
export type CallAnswers = Pick<Answers, "call_endpoint" | "choose_request_file" | "copy_credential" | "read_samples" | "save_sample" | "delete_sample">;

/** An answer of a model. */
export function answered(body: string, status = 200, version: string | null = null): CallOutcome {
  const headers = [
    { name: "content-type", value: "application/json" },
    { name: "x-ms-request-id", value: "5c1f" },
  ];
  return {
    end: "answered",
    url: "https://scoring.contoso.com/score",
    isPlain: false,
    answer: { status, tookMs: 42, headers, body, bytes: body.length, isComplete: true, version, with: "key" },
    detail: null,
  };
}

export function callAnswers(): CallAnswers {
  const samples = new Map<string, RequestSample[]>();
  const of = (endpointId: string): RequestSample[] => samples.get(endpointId.toLowerCase()) ?? [];
  const keep = (endpointId: string, all: RequestSample[]): RequestSample[] => {
    samples.set(endpointId.toLowerCase(), all);
    return all;
  };
  return {
    call_endpoint: ({ call }) => answered('{"predictions":[5.5]}', 200, call.version),
    choose_request_file: () => ({ id: "f-9", name: "large.json" }),
    copy_credential: ({ which }) => {
      const isToken = which === "token";
      return { which, refreshAfter: isToken ? "2026-11-28T12:00:00Z" : null, expiresAt: isToken ? "2026-11-29T00:00:00Z" : null };
    },
    read_samples: ({ endpointId }) => of(endpointId),
    save_sample: ({ endpointId, sample }) => keep(endpointId, [...of(endpointId).filter(({ name }) => name !== sample.name), sample]),
    delete_sample: ({ endpointId, name }) =>
      keep(
        endpointId,
        of(endpointId).filter((sample) => sample.name !== name),
      ),
  };
}
