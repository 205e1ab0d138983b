import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Switch,
  Text,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import { ArrowUndoRegular, CheckmarkCircleRegular, ClockRegular, MoneyRegular, WarningRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Note } from "../../ipc/generated/Note";
import type { Plan } from "../../ipc/generated/Plan";
import type { PlannedRequest } from "../../ipc/generated/PlannedRequest";
import type { PlanStep } from "../../ipc/generated/PlanStep";
import { CopyButton } from "../CopyButton";
import { useFormat } from "../format";
import { usePlanWords } from "../planWords";
import { useDurationRange, useUsual } from "../time";
import { RequestView, masked } from "./RequestView";

const useStyles = makeStyles({
  bar: { display: "flex", justifyContent: "space-between", alignItems: "center", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  tools: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  step: {
    display: "grid",
    gridTemplateColumns: "32px 1fr",
    columnGap: tokens.spacingHorizontalM,
    paddingBottom: tokens.spacingVerticalL,
    position: "relative",
    ":not(:last-child)::before": {
      content: '""',
      position: "absolute",
      left: "15px",
      top: "32px",
      bottom: 0,
      width: "2px",
      backgroundColor: tokens.colorNeutralStroke2,
    },
  },
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0, paddingTop: tokens.spacingVerticalXS },
  notes: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXXS },
  note: {
    display: "inline-flex",
    alignItems: "flex-start",
    // Keeps the icon's size and aligns it with the first line of text.
    "& svg": { flexShrink: 0, marginTop: "2px" },
    gap: tokens.spacingHorizontalXS,
    color: tokens.colorNeutralForeground2,
  },
  certificate: { overflowWrap: "anywhere", marginBottom: tokens.spacingVerticalM },
  // Aligns its chevron and steps with the steps above.
  back: { margin: `0 calc(-1 * ${tokens.spacingHorizontalM})` },
  interrupts: { color: tokens.colorStatusWarningForeground3 },
});

/** The plan: duration, cost, interruptions and undo of each step, with its requests on demand. */
export function PlanList({ plan }: { plan: Plan }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const range = useDurationRange();
  const [withRequests, setWithRequests] = useState(false);
  const total = (pick: (step: PlanStep) => number): number => plan.steps.reduce((sum, step) => sum + pick(step), 0);
  return (
    <div data-testid="plan">
      <div className={styles.bar}>
        <Text weight="semibold">
          {t("review:plan.total", {
            range: range(
              total((step) => step.usual.fromSeconds),
              total((step) => step.usual.toSeconds),
            ),
          })}
        </Text>
        <div className={styles.tools}>
          <CopyButton text={planText(plan)} label={t("review:plan.copyAll")} testId="copy-plan" />
          <Switch
            label={t("review:plan.showRequests")}
            checked={withRequests}
            onChange={(_, data) => setWithRequests(data.checked)}
            data-testid="show-requests"
          />
        </div>
      </div>
      {plan.bound.certificate !== null && (
        <Text block className={styles.certificate} data-testid="plan-certificate">
          {t("review:plan.certificate", format.withDays({ ...plan.bound.certificate }))}
        </Text>
      )}
      <ol className={styles.list}>
        {plan.steps.map((step, index) => (
          <StepRow key={step.id} step={step} number={index + 1} withRequest={withRequests} />
        ))}
      </ol>
      {plan.back.length > 0 && <WayBack steps={plan.back} withRequests={withRequests} />}
    </div>
  );
}

/** The rollback steps, collapsed because they are rarely needed. */
function WayBack({ steps, withRequests }: { steps: readonly PlanStep[]; withRequests: boolean }): ReactNode {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <Accordion collapsible className={styles.back} data-testid="way-back">
      <AccordionItem value="back">
        <AccordionHeader icon={<ArrowUndoRegular aria-hidden />}>{t("review:plan.back")}</AccordionHeader>
        <AccordionPanel>
          <ol className={styles.list}>
            {steps.map((step, index) => (
              <StepRow key={step.id} step={step} number={index + 1} withRequest={withRequests} />
            ))}
          </ol>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

const shown = (request: PlannedRequest): PlannedRequest => ({ ...request, body: masked(request.body) });

/** The requests of a plan as JSON, with secrets masked. */
function planText(plan: Plan): string {
  const steps = plan.steps.map(({ id, request, inside = [], stages = [] }) => ({
    id,
    request: request === null ? null : shown(request),
    inside: inside.map(shown),
    ...(stages.length === 0 ? {} : { stages: stages.map((stage) => shown(stage.request)) }),
  }));
  return JSON.stringify(steps, null, 2);
}

function StepRow({ step, number, withRequest }: { step: PlanStep; number: number; withRequest: boolean }): ReactNode {
  const styles = useStyles();
  const words = usePlanWords();
  const usual = useUsual();
  return (
    <li className={styles.step} data-testid={`plan-step-${step.id}`}>
      <Badge appearance="tint" color="brand" size="extra-large" shape="circular">
        {number}
      </Badge>
      <div className={styles.body}>
        <Text weight="semibold">{words.title(step)}</Text>
        <div className={styles.notes}>
          <NoteLine icon={<ClockRegular aria-hidden />}>{usual(step.usual)}</NoteLine>
          {step.costs.map((note) => (
            <NoteLine key={note.code} icon={<MoneyRegular aria-hidden />}>
              {words.note(note)}
            </NoteLine>
          ))}
          {step.interrupts.map((note) => (
            <InterruptLine key={note.code} note={note} />
          ))}
          <NoteLine icon={<ArrowUndoRegular aria-hidden />}>{words.note(step.undo)}</NoteLine>
        </div>
        {withRequest && step.request !== null && <RequestView request={step.request} />}
        {withRequest && step.inside?.map((request) => <RequestView key={`${request.method} ${request.path}`} request={request} />)}
        {withRequest &&
          step.stages?.map((stage) => (
            <div key={stage.note.code + (stage.note.params["traffic"] ?? "")}>
              <Text size={200}>{words.note(stage.note)}</Text>
              <RequestView request={stage.request} />
            </div>
          ))}
      </div>
    </li>
  );
}

/** Whom a step interrupts; a warning unless nobody is affected. */
function InterruptLine({ note }: { note: Note }): ReactNode {
  const words = usePlanWords();
  const affects = note.code !== "interrupt.no_services";
  return (
    <NoteLine icon={affects ? <WarningRegular aria-hidden /> : <CheckmarkCircleRegular aria-hidden />} warn={affects}>
      {words.note(note)}
    </NoteLine>
  );
}

function NoteLine({ icon, warn = false, children }: { icon: ReactNode; warn?: boolean; children: ReactNode }): ReactNode {
  const styles = useStyles();
  return (
    <Text size={200} className={mergeClasses(styles.note, warn && styles.interrupts)}>
      {icon}
      {children}
    </Text>
  );
}
