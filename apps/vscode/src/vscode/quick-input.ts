import {
  type InputBoxValidationMessage,
  InputBoxValidationSeverity,
  QuickInputButtons,
  type QuickPickItem,
  window,
} from "vscode";

/** What came of a question: an answer, a step back, or the end of it all. */
export type Answer<T> =
  | { readonly kind: "answered"; readonly value: T }
  | { readonly kind: "back" }
  | { readonly kind: "cancelled" };

/** Where a question stands; without a number it is one of its own. */
export interface Place {
  readonly title: string;
  readonly step: number | null;
  readonly totalSteps: number | null;
  readonly canGoBack: boolean;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly isSecret?: boolean;
  /** An error keeps the answer from being taken; an information only shows. */
  readonly validate?: (value: string) => InputBoxValidationMessage | string | undefined;
}

export interface PickQuestion<T extends QuickPickItem> {
  readonly placeholder: string;
  readonly items: readonly T[];
  readonly active?: T | undefined;
}

/** Asks for a text; the question stays when the focus leaves it, since what is asked for often has to be fetched elsewhere. */
export function askText(place: Place, question: TextQuestion): Promise<Answer<string>> {
  const input = window.createInputBox();
  const { validate = () => undefined } = question;
  input.prompt = question.prompt;
  input.placeholder = question.placeholder;
  input.value = question.value ?? "";
  input.password = question.isSecret ?? false;
  const check = (): boolean => {
    const message = validate(input.value);
    input.validationMessage = message;
    return typeof message !== "string" && message?.severity !== InputBoxValidationSeverity.Error;
  };
  input.onDidChangeValue(check);
  return settle(input, place, () => (check() ? input.value : null));
}

/** Lets the user choose one item. */
export function askPick<T extends QuickPickItem>(
  place: Place,
  question: PickQuestion<T>,
): Promise<Answer<T>> {
  const picker = window.createQuickPick<T>();
  picker.placeholder = question.placeholder;
  picker.items = question.items;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  if (question.active !== undefined) picker.activeItems = [question.active];
  return settle(picker, place, () => picker.selectedItems[0] ?? null);
}

type Input = ReturnType<typeof window.createInputBox> | ReturnType<typeof window.createQuickPick>;

function settle<T>(input: Input, place: Place, accepted: () => T | null): Promise<Answer<T>> {
  input.title = place.title;
  input.step = place.step ?? undefined;
  input.totalSteps = place.totalSteps ?? undefined;
  input.ignoreFocusOut = true;
  if (place.canGoBack) input.buttons = [QuickInputButtons.Back];
  return new Promise<Answer<T>>((resolve) => {
    input.onDidAccept(() => {
      const value = accepted();
      if (value !== null) resolve({ kind: "answered", value });
    });
    input.onDidTriggerButton(() => resolve({ kind: "back" }));
    input.onDidHide(() => resolve({ kind: "cancelled" }));
    input.show();
  }).finally(() => input.dispose());
}

/** One step of several; gives what it made of the value so far. */
export type Step<T> = (value: T, place: Place) => Promise<Answer<T>>;

/** Asks step by step, back and forth; an answer that was given is there again when its step is. */
export async function runSteps<T>(
  initial: T,
  steps: readonly Step<T>[],
  place: Pick<Place, "title" | "canGoBack">,
): Promise<Answer<T>> {
  let value = initial;
  for (let at = 0; ; ) {
    const step = steps[at];
    if (step === undefined) return { kind: "answered", value };
    const answer = await step(value, {
      title: place.title,
      step: at + 1,
      totalSteps: steps.length,
      canGoBack: at > 0 || place.canGoBack,
    });
    if (answer.kind === "cancelled") return answer;
    if (answer.kind === "answered") value = answer.value;
    at += answer.kind === "answered" ? 1 : -1;
    if (at < 0) return { kind: "back" };
  }
}
