import { Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../ipc/call";
import { kindOf } from "./goalWords";

/** What kind of run it is. Its plan never changes, so it is read once. */
export function RunKind({ run }: { run: string }): ReactNode {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["run-kind", run],
    queryFn: async () => kindOf((await call("get_run", { run })).plan.goal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <Text data-testid={`run-kind-${run}`}>{data === undefined ? "" : t(`change:kind.${data}`, { defaultValue: data })}</Text>;
}
