/** What the parser of summaries does with the first word of a statement. */
export type CommandShape =
  /** The command says it all. */
  | "bare"
  /** The kind and the name of an object follow: `DROP TABLE t`. */
  | "object"
  /** As `object`, with more names after commas. */
  | "objects"
  /** A name follows at once: `CALL f`. */
  | "name"
  /** Another statement follows: `EXPLAIN SELECT`. */
  | "prefix"
  /** Another statement follows, after AS or FOR: `PREPARE s AS SELECT`. */
  | "wrapper"
  /** A statement on relations. */
  | "query";

/** Every command of PostgreSQL by its first word; a text that starts otherwise has no summary. */
export const COMMANDS: ReadonlyMap<string, CommandShape> = new Map([
  ...shaped(
    "bare",
    "BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE END ABORT CHECKPOINT DO FETCH MOVE CLOSE DEALLOCATE EXECUTE GRANT REVOKE " +
      "LOAD REASSIGN IMPORT SECURITY",
  ),
  ...shaped("object", "CREATE ALTER COMMENT REFRESH REINDEX CLUSTER"),
  ...shaped("objects", "DROP TRUNCATE LOCK VACUUM ANALYZE"),
  ...shaped("name", "CALL EXEC SET SHOW RESET START DISCARD LISTEN UNLISTEN NOTIFY"),
  ...shaped("prefix", "EXPLAIN"),
  ...shaped("wrapper", "PREPARE DECLARE"),
  ...shaped("query", "SELECT INSERT UPDATE DELETE MERGE VALUES TABLE COPY WITH"),
]);

/** Statements that may stand in parentheses or after a list of CTEs. */
export const NESTED_STATEMENTS: ReadonlySet<string> = words("SELECT INSERT UPDATE DELETE MERGE VALUES WITH");

/** Kinds of objects. */
export const OBJECT_KINDS: ReadonlySet<string> = words(
  "AGGREGATE CAST COLLATION COLUMN CONVERSION DATABASE DOMAIN EXTENSION FUNCTION GROUP INDEX LANGUAGE OWNED POLICY " +
    "PROCEDURE PUBLICATION ROLE ROUTINE RULE SCHEMA SEQUENCE SERVER STATISTICS SUBSCRIPTION TABLE TABLESPACE TRANSFORM TRIGGER " +
    "TYPE USER VIEW WRAPPER CONFIGURATION DICTIONARY PARSER TEMPLATE METHOD CLASS FAMILY OBJECT PRIVILEGES",
);

/** Words before the kind proper, which are a part of it. */
export const OBJECT_PREFIXES: ReadonlySet<string> = words(
  "MATERIALIZED FOREIGN DATA EVENT TEXT SEARCH ACCESS OPERATOR LARGE DEFAULT",
);

/** Words that change how an object is made or found, and not which. */
export const OBJECT_MODIFIERS: ReadonlySet<string> = words(
  "OR REPLACE TEMP TEMPORARY UNLOGGED GLOBAL LOCAL SESSION UNIQUE CLUSTERED CONCURRENTLY RECURSIVE TRUSTED PROCEDURAL " +
    "CONSTRAINT IF NOT EXISTS ONLY ON FOR IN BY FULL FREEZE VERBOSE ANALYZE",
);

/** Words between EXPLAIN and its statement. */
export const EXPLAIN_OPTIONS: ReadonlySet<string> = words("ANALYZE VERBOSE");

/** What ends a list of relations. */
export const CLAUSES: ReadonlySet<string> = words(
  "WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH FOR RETURNING SET WHEN VALUES",
);

export const SET_OPERATIONS: ReadonlySet<string> = words("UNION INTERSECT EXCEPT");

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

function shaped(shape: CommandShape, list: string): [string, CommandShape][] {
  return list.split(" ").map((word) => [word, shape]);
}
