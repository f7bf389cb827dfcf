import type { Pool } from "@rockpool/core";

/** Volatile functions of the server itself that change neither data nor definitions. */
const HARMLESS =
  "^(random|random_normal|setseed|gen_random_uuid|uuidv[47]|clock_timestamp|timeofday|currval|lastval|current_query" +
  "|set_config|txid_status|array_sample|array_shuffle|lo_get|system|bernoulli|pg_jit_available|pg_lock_status" +
  "|pg_blocking_pids|pg_prepared_xact|pg_hba_file_rules|pg_ident_file_mappings|pg_stat_clear_snapshot|pg_stat_file" +
  "|pg_stat_have_stats|pg_export_snapshot|pg_notification_queue_usage|pg_sequence_last_value|pg_wal_summary_contents" +
  "|pg_(try_)?advisory_.*|pg_sleep.*|pg_.*_size|pg_stat_get_.*|pg_ls_.*|pg_read_.*|pg_current_.*|pg_last_.*" +
  "|pg_control_.*|pg_is_.*|pg_safe_.*|pg_get_.*|pg_xact_.*|pg_show_.*|pg_partition_.*|pg_available_.*" +
  "|pg_(database_)?collation_.*|pg_logical_slot_peek_.*)$";

/**
 * A function that is declared stable or immutable is refused its writes by the server; any other may write. Which one of a
 * name a statement means depends on its arguments, so that one of them is enough.
 */
const QUERY = `select distinct p.proname as name
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.proname = any($1::text[]) and p.provolatile = 'v'
    and not (n.nspname = 'pg_catalog' and p.proname ~ $2)
  order by 1`;

const TIMEOUT_MILLIS = 3_000;

/** Which of these functions may write. */
export async function writingFunctions(
  pool: Pool,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLIS)]) };
  const { rows } = await pool.query<{ name: string }>(QUERY, [[...names], HARMLESS], options);
  return rows.map(({ name }) => name);
}
