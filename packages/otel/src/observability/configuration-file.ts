import * as sdkNode from "@opentelemetry/sdk-node";

type StartFromFile = (options: { instrumentations?: sdkNode.NodeSDKConfiguration["instrumentations"] }) => {
  shutdown: () => Promise<void>;
};

/** The path in `OTEL_CONFIG_FILE`; null where it is unset or empty. */
export function configurationFile(): string | null {
  return process.env.OTEL_CONFIG_FILE?.trim() || null;
}

/**
 * Starts the SDK from the declarative configuration file that `OTEL_CONFIG_FILE` names.
 *
 * The 2.x line calls its function `startNodeSDK`, the 3.x line `startNodeSdk`.
 */
export const startFromConfigurationFile: StartFromFile = (options) => {
  const start = "startNodeSdk" in sdkNode ? sdkNode.startNodeSdk : sdkNode.startNodeSDK;
  if (!isStartFromFile(start)) {
    throw new Error(
      "this version of @opentelemetry/sdk-node cannot read OTEL_CONFIG_FILE: install 0.223 or newer",
    );
  }
  return start(options);
};

function isStartFromFile(value: unknown): value is StartFromFile {
  return typeof value === "function";
}
