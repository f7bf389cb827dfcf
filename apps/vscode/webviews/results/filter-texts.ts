import type { ColumnView, FilterOperator, FilterView } from "../../shared/protocol/results.ts";
import { l10n } from "../shared/l10n.ts";

/** The operators of a filter, as they are chosen and as a chip shows them. */
export const OPERATORS: Readonly<Record<FilterOperator, string>> = {
  contains: l10n.t("contains"),
  notContains: l10n.t("does not contain"),
  startsWith: l10n.t("starts with"),
  equals: "=",
  notEquals: "≠",
  less: "<",
  lessOrEqual: "≤",
  greater: ">",
  greaterOrEqual: "≥",
  isNull: l10n.t("is NULL"),
  isNotNull: l10n.t("is not NULL"),
};

export function isOperator(text: string): text is FilterOperator {
  return Object.hasOwn(OPERATORS, text);
}

/** Whether an operator compares with a value. */
export function takesValue(operator: FilterOperator): boolean {
  return operator !== "isNull" && operator !== "isNotNull";
}

export function filterText({ operator, value }: FilterView, column: ColumnView | undefined): string {
  const name = column?.name ?? "";
  return takesValue(operator) ? `${name} ${OPERATORS[operator]} ${value}` : `${name} ${OPERATORS[operator]}`;
}
