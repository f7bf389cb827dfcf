/** Node types of PostgreSQL's parser that neither write nor define anything. */
const HARMLESS_NODES = new Set(
  [
    "VariableSetStmt VariableShowStmt TransactionStmt FetchStmt ClosePortalStmt ListenStmt UnlistenStmt DiscardStmt ConstraintsSetStmt",
    "DeallocateStmt ExplainStmt DeclareCursorStmt PrepareStmt CopyStmt SelectStmt RawStmt",
  ]
    .join(" ")
    .split(" "),
);

/** Whether the parser finds anything in the tree that writes to more than the session. */
export function parserFindsWrite(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(parserFindsWrite);
  if (typeof node !== "object" || node === null) return false;
  return Object.entries(node).some(([key, value]) => {
    const text = JSON.stringify(value);
    if (key === "CopyStmt" && /"is_from":true|"filename"/.test(text)) return true;
    // Without ANALYZE the statement is only planned.
    if (
      key === "ExplainStmt" &&
      !/"defname":"analy[sz]e"(?!,"arg":{"String":{"sval":"(?:off|false)")/.test(text)
    ) {
      return false;
    }
    if (key === "TransactionStmt" && /PREPARE/.test(text)) return true;
    if (key === "lockingClause" && Array.isArray(value) && value.length > 0) return true;
    if (key === "intoClause" && !text.includes('"relpersistence":"t"')) return true;
    if (key.endsWith("Stmt") && !HARMLESS_NODES.has(key)) {
      if (!text.includes('"relpersistence":"t"')) return true;
    }
    return parserFindsWrite(value);
  });
}
