import {
  type InputBox,
  l10n,
  type QuickInputButton,
  QuickInputButtons,
  ThemeIcon,
  type Uri,
  window,
} from "vscode";
import type { Cell } from "../../../shared/protocol/results.ts";
import type { DatabaseLease, ParameterType } from "../../model/database.ts";
import { isSecret, type ParameterMemory } from "../../model/parameters/parameter-memory.ts";
import type { Parameter } from "../../model/sql/parameters.ts";
import { remembersParameters } from "../../vscode/settings.ts";

/** What is asked for, and on which connection. */
export interface ValueRequest {
  readonly statement: string;
  readonly uri: Uri;
  readonly parameters: readonly Parameter[];
  readonly types: readonly ParameterType[];
  readonly lease: DatabaseLease;
  readonly signal: AbortSignal;
  /** What was given earlier in the same run; names are asked for once. */
  readonly given: Map<string, Cell>;
}

interface Question {
  readonly label: string;
  readonly type: ParameterType;
  readonly step: number;
  readonly totalSteps: number;
  readonly initial: Cell | undefined;
  readonly request: ValueRequest;
}

type Answer = { readonly kind: "value"; readonly value: Cell } | { readonly kind: "back" | "cancelled" };

const UNKNOWN: ParameterType = { id: 0, name: "text" };

/** Asks for the values of a statement's parameters, one after another, with the server's type for each. */
export class ParameterPrompt {
  readonly #memory: ParameterMemory;

  constructor(memory: ParameterMemory) {
    this.#memory = memory;
  }

  /** The values in the order of the parameters; null where the user gave up. */
  async ask(request: ValueRequest): Promise<readonly Cell[] | null> {
    const { parameters, given } = request;
    const open = parameters.filter(({ label }) => !given.has(label) || label.startsWith("$"));
    const answers = new Map(given);
    for (let index = 0; index < open.length; ) {
      const label = open[index]?.label ?? "";
      const answer = await this.#askOne(label, {
        request,
        answers,
        step: index + 1,
        totalSteps: open.length,
      });
      if (answer.kind === "cancelled") return null;
      if (answer.kind === "value") answers.set(label, answer.value);
      index += answer.kind === "back" ? -1 : 1;
    }
    await this.#keep(request, answers);
    return parameters.map(({ label }) => answers.get(label) ?? null);
  }

  #askOne(
    label: string,
    about: { request: ValueRequest; answers: ReadonlyMap<string, Cell>; step: number; totalSteps: number },
  ): Promise<Answer> {
    const { request, answers, step, totalSteps } = about;
    const index = request.parameters.findIndex((each) => each.label === label);
    const remembered = remembersParameters(request.uri)
      ? this.#memory.recall(label, request.statement)
      : undefined;
    const initial = answers.has(label) ? answers.get(label) : remembered;
    return askQuestion({ label, type: request.types[index] ?? UNKNOWN, step, totalSteps, initial, request });
  }

  async #keep(request: ValueRequest, answers: ReadonlyMap<string, Cell>): Promise<void> {
    for (const [label, value] of answers) {
      if (label.startsWith(":")) request.given.set(label, value);
      if (remembersParameters(request.uri)) await this.#memory.remember(label, request.statement, value);
    }
  }
}

function nullButton(): QuickInputButton {
  return { iconPath: new ThemeIcon("circle-slash"), tooltip: l10n.t("NULL") };
}

function makeInput({ label, type, step, totalSteps, initial }: Question): InputBox {
  const input = window.createInputBox();
  input.title = l10n.t("Value of {0}", label);
  input.prompt = l10n.t("{0}; as PostgreSQL writes it, without quotes. The button gives NULL.", type.name);
  input.placeholder = initial === null ? l10n.t("NULL last time") : exampleOf(type.name);
  input.step = step;
  input.totalSteps = totalSteps;
  input.password = isSecret(label);
  input.ignoreFocusOut = true;
  input.value = initial ?? "";
  input.valueSelection = [0, input.value.length];
  return input;
}

function exampleOf(typeName: string): string {
  if (typeName.endsWith("[]")) return "{1,2,3}";
  const examples: Readonly<Record<string, string>> = {
    integer: "42",
    bigint: "42",
    numeric: "9.99",
    boolean: "true",
    date: "2026-01-31",
    "timestamp with time zone": "2026-01-31 12:00+00",
    "timestamp without time zone": "2026-01-31 12:00",
    interval: "2 days",
    uuid: "00000000-0000-0000-0000-000000000000",
    jsonb: '{"key": 1}',
    json: '{"key": 1}',
  };
  return examples[typeName] ?? "";
}

/** One value, which the server has been asked about. */
function askQuestion(question: Question): Promise<Answer> {
  const { signal } = question.request;
  const input = makeInput(question);
  const asNull = nullButton();
  input.buttons = question.step > 1 ? [QuickInputButtons.Back, asNull] : [asNull];
  return new Promise<Answer>((resolve) => {
    const end = (answer: Answer) => {
      signal.removeEventListener("abort", cancel);
      resolve(answer);
      input.dispose();
    };
    const cancel = () => end({ kind: "cancelled" });
    signal.addEventListener("abort", cancel);
    input.onDidHide(cancel);
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidTriggerButton((button) =>
      end(button === asNull ? { kind: "value", value: null } : { kind: "back" }),
    );
    input.onDidAccept(() => void accept(input, question, end));
    input.show();
  });
}

async function accept(input: InputBox, question: Question, end: (answer: Answer) => void): Promise<void> {
  if (input.busy) return;
  const { value } = input;
  input.busy = true;
  const { lease, signal } = question.request;
  const refusal = await lease.refusal(value, question.type, signal).catch(() => null);
  input.busy = false;
  if (refusal === null) end({ kind: "value", value });
  else input.validationMessage = refusal;
}
